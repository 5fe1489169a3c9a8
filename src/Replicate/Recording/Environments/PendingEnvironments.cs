using System.Collections.Concurrent;
using Replicate.Metadata;
using Replicate.Recording.Secrets;
using Replicate.Repositories;

namespace Replicate.Recording.Environments;

/// <summary>
/// Environments that were still being read when their experiments were created; they are recorded when they are read,
/// before the experiment is stopped at the latest.
/// </summary>
internal sealed class PendingEnvironments
{
    private readonly ConcurrentDictionary<(string Url, string Id), Task> _pending = new();

    /// <summary>Records an environment when it is read.</summary>
    internal void Add(Workspace workspace, string id, Task<RunEnvironment> reading)
    {
        var repository = workspace.Repository;

        // It outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            _pending[(repository.Url, id)] = Task.Run(() => RecordAsync(workspace, repository, id, reading));
        }
    }

    /// <summary>Waits until an experiment's environment is recorded.</summary>
    internal Task FinishAsync(Repository repository, string id) =>
        _pending.TryRemove((repository.Url, id), out var task) ? task : Task.CompletedTask;

    private async Task RecordAsync(Workspace workspace, Repository repository, string id, Task<RunEnvironment> reading)
    {
        using var mask = new Masking();
        var environment = mask.Of(await reading);
        try
        {
            // The experiment may be waiting for its files to be archived.
            await workspace.Uploader.SendAsync(null, waiting => waiting == id, CancellationToken.None);
            await workspace.Lifetime.Journals.UpdateAsync(repository, id, document => document.SetEnvironment(environment), CancellationToken.None);
        }
        catch (ReplicateException)
        {
            // The experiment is gone, or its store fails: the run itself says so.
        }

        _pending.TryRemove((repository.Url, id), out _);
    }
}
