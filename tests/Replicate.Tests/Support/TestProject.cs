using System.Collections;

namespace Replicate.Tests.Support;

/// <summary>A project in a directory of its own with a repository on disk.</summary>
internal sealed class TestProject : IDisposable
{
    public TestProject() => Project = new Project("file://.replicate", Directory.Path);

    public TemporaryDirectory Directory { get; } = new();

    public Project Project { get; }

    public string RepositoryPath => Directory.Combine(".replicate");

    public Task<Experiment> CreateAsync(IDictionary? parameters = null, string? path = null) =>
        Project.Experiments.CreateAsync(
            new ExperimentOptions { Params = parameters, Path = path, Heartbeat = HeartbeatMode.None },
            cancellationToken: TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<Experiment>> ListAsync(params string[] filter) =>
        Project.Experiments.ListAsync(new ExperimentQuery { Filter = filter }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>The files of the repository, relative to it.</summary>
    public string[] RepositoryFiles() => !System.IO.Directory.Exists(RepositoryPath) ? [] : System.IO.Directory
        .EnumerateFiles(RepositoryPath, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(file => Path.GetRelativePath(RepositoryPath, file).Replace('\\', '/'))
        .Where(file => file != ".lock")
        .Order(StringComparer.Ordinal)
        .ToArray();

    public void Dispose() => Directory.Dispose();
}
