using Replicate.Recording;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Remote;

/// <summary>A machine with a checkout of a project whose repository is in a bucket.</summary>
internal sealed class Machine : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>Makes one.</summary>
    /// <param name="open">Opens the repository's store, with an endpoint and credentials of the test.</param>
    /// <param name="lifetime">The process that it runs; null for that of the tests.</param>
    public Machine(Func<IObjectStore> open, ProcessLifetime? lifetime = null)
    {
        var repository = open().Url;
        Directory = System.IO.Directory.CreateDirectory(_directory.Combine("project")).FullName;
        Project = new Project(
            new ProjectConfiguration
            {
                ProjectDirectory = Directory,
                ConfigurationFile = _directory.Write("project/replicate.yaml", $"repository: \"{repository}\"\n"),
                Repository = repository,
            },
            open,
            lifetime);
    }

    /// <summary>The project directory.</summary>
    public string Directory { get; }

    public Project Project { get; }

    public void Write(string path, string text) => _directory.Write(Path.Combine("project", path), text);

    /// <summary>A place outside the project.</summary>
    public string Outside(string name) => _directory.Combine(name);

    public Task<IReadOnlyList<Experiment>> ListAsync(params string[] filter) => Project.Experiments.ListAsync(
        new ExperimentQuery { Filter = filter, Sort = "created" }, cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose() => _directory.Dispose();
}
