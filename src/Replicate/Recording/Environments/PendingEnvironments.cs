using System.Collections.Concurrent;
using Replicate.Metadata;
using Replicate.Recording.Secrets;
using Replicate.Repositories;

namespace Replicate.Recording.Environments;

/// <summary>
/// Environments that were still being read when their experiments were created; they are recorded when they are read,
/// before the experiment is stopped at the latest.
/// </summary>
internal static class PendingEnvironments
{
    private static readonly ConcurrentDictionary<(string Url, string Id), Task> Pending = new();

    /// <summary>Records an environment when it is read.</summary>
    internal static void Add(Workspace workspace, string id, Task<RunEnvironment> reading)
    {
        var repository = workspace.Repository;

        // It outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            Pending[(repository.Url, id)] = Task.Run(() => RecordAsync(workspace, repository, id, reading));
        }
    }

    /// <summary>Waits until an experiment's environment is recorded.</summary>
    internal static Task FinishAsync(Repository repository, string id) =>
        Pending.TryRemove((repository.Url, id), out var task) ? task : Task.CompletedTask;

    private static async Task RecordAsync(Workspace workspace, Repository repository, string id, Task<RunEnvironment> reading)
    {
        using var mask = new Masking();
        var environment = mask.Of(await reading);
        try
        {
            // The experiment may be waiting for its files to be archived.
            await workspace.Uploader.SendAsync(null, waiting => waiting == id, CancellationToken.None);
            await CheckpointJournal.UpdateAsync(repository, id, document => document.SetEnvironment(environment), CancellationToken.None);
        }
        catch (ReplicateException)
        {
            // The experiment is gone, or its store fails: the run itself says so.
        }

        Pending.TryRemove((repository.Url, id), out _);
    }
}
