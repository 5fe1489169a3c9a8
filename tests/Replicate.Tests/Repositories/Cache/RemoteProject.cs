using Replicate.Configuration;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories.Cache;

/// <summary>A directory that is a repository on disk to those who write, and a remote one to those who list.</summary>
internal sealed class RemoteProject : IDisposable
{
    public RemoteProject() => Directory.Write("replicate.yaml", "repository: s3://bucket/root");

    public TemporaryDirectory Directory { get; } = new();

    public string Bucket => Directory.Combine("bucket");

    public string CacheDirectory => Path.Combine(LocalState.CacheFor(Open(new CountingStore(Bucket)).Configuration), "index");

    public string CacheFile => Assert.Single(System.IO.Directory.GetFiles(CacheDirectory));

    /// <summary>The project as a new process sees it, over a store.</summary>
    public Project Open(CountingStore store) => new(
        new ProjectConfiguration
        {
            ProjectDirectory = Directory.Path, Repository = store.Url, ConfigurationFile = Directory.Combine("replicate.yaml"),
        },
        () => store);

    public void Write(string id, string command = "") => Directory.Write($"bucket/{RepositoryKeys.Metadata(id)}", $$"""
        {"id": "{{id}}", "created": "2020-09-01T21:42:25Z", "command": "{{command}}", "checkpoints": []}
        """);

    public void Delete(string id) => File.Delete(Path.Combine(Bucket, RepositoryKeys.Metadata(id)));

    /// <summary>Lists with a new project over the store: ids with commands.</summary>
    public async Task<string[]> ListAsync(CountingStore store) =>
        (await Open(store).Experiments.ListAsync(cancellationToken: TestContext.Current.CancellationToken))
            .Select(experiment => $"{experiment.Id} {experiment.Command}".TrimEnd()).Order(StringComparer.Ordinal).ToArray();

    public void Dispose() => Directory.Dispose();
}
