using Replicate.Configuration;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories.Cache;

/// <summary>A project with a repository on disk whose files were written an hour ago.</summary>
internal sealed class DiskProject : IDisposable
{
    private static readonly DateTime LongAgo = DateTime.UtcNow.AddHours(-1);

    public TemporaryDirectory Directory { get; } = new();

    public string CacheDirectory => Path.Combine(LocalState.CacheFor(Open().Configuration), "index");

    public string IndexFile => Assert.Single(System.IO.Directory.GetFiles(CacheDirectory));

    public bool HasIndex => System.IO.Directory.Exists(CacheDirectory);

    /// <summary>Writes an experiment's file, at a time; an hour ago where none is given.</summary>
    public void Write(string id, string command, DateTime? written = null)
    {
        var path = Directory.Write($".replicate/{RepositoryKeys.Metadata(id)}", $$"""
            {"id": "{{id}}", "created": "2020-09-01T21:42:25Z", "command": "{{command}}", "checkpoints": [
              {"id": "c{{id}}", "created": "2020-09-01T21:42:26Z", "metrics": {"loss": 0.5}, "step": 1},
              {"id": "d{{id}}", "created": "2020-09-01T21:42:27Z", "metrics": {"loss": 0.25}, "step": 2,
               "primary_metric": {"name": "loss", "goal": "minimize"} }]}
            """);
        File.SetLastWriteTimeUtc(path, written ?? LongAgo);
    }

    public void Delete(string id) => File.Delete(Directory.Combine(".replicate", RepositoryKeys.Metadata(id)));

    /// <summary>Lists as a new process does: ids, commands and the best checkpoints.</summary>
    public async Task<string[]> ListAsync()
    {
        var experiments = await Open().Experiments.ListAsync(cancellationToken: TestContext.Current.CancellationToken);
        return [.. experiments.Select(e => $"{e.Id} {e.Command} {e.Best()?.Id} {e.Latest()?.Step}").Order(StringComparer.Ordinal)];
    }

    public Project Open() => Project.Open(Directory.Path);

    public void Dispose() => Directory.Dispose();
}
