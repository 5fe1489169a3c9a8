using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Spool;

/// <summary>A project with a model, whose repository is a store that a test can stop, far away as far as the project knows.</summary>
public abstract class SpooledProject : IDisposable
{
    protected SpooledProject()
    {
        Remote = new WatchedStore(Folder.Combine("remote"));
        Folder.Write("project/model.pth", "weights");
        Project = Open();
    }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected TemporaryDirectory Folder { get; } = new();

    private protected WatchedStore Remote { get; }

    protected Project Project { get; }

    private protected string SpoolPath => Project.Workspace.Uploader.Spool.Path;

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The project as another command opens it.</summary>
    protected Project Open() => new(
        new ProjectConfiguration
        {
            ProjectDirectory = Folder.Combine("project"),
            ConfigurationFile = Folder.Write("project/replicate.yaml", ""),
            Repository = "s3://tests/" + Path.GetFileName(Folder.Path),
        },
        () => Remote);

    protected Task<Experiment> CreateAsync(HeartbeatMode heartbeat = HeartbeatMode.None) => Project.Experiments.CreateAsync(
        new ExperimentOptions { Path = "model.pth", Heartbeat = heartbeat }, cancellationToken: Token);

    protected Task<IReadOnlyList<Experiment>> ListAsync() => Project.Experiments.ListAsync(cancellationToken: Token);
}
