using Replicate.Repositories;
using Replicate.Repositories.Logs;
using Replicate.Storage;

namespace Replicate;

/// <summary>Copies the log of an experiment from one repository to another.</summary>
internal static class LogCopy
{
    /// <summary>Copies the segments that the target doesn't have in the same length; what it has of the log beside them goes.</summary>
    internal static async Task RunAsync(Repository source, Repository target, string experimentId, CancellationToken cancellationToken)
    {
        var present = await ListAsync(target, experimentId, cancellationToken);
        foreach (var (key, info) in await ListAsync(source, experimentId, cancellationToken))
        {
            if (present.Remove(key, out var there) && there.Length == info.Length)
            {
                continue;
            }

            Log.Verbose($"Copying {info.Key} from '{source.Url}' to '{target.Url}'.");
            var content = ObjectContent.FromWriter(async (stream, token) =>
            {
                // A part that was dropped meanwhile is an empty one.
                await using var segment = await source.Store.OpenReadAsync(info.Key, cancellationToken: token);
                await (segment?.CopyToAsync(stream, token) ?? Task.CompletedTask);
            });
            await target.Store.PutAsync(info.Key, content, PutCondition.None, cancellationToken);
        }

        if (present.Count > 0)
        {
            await target.DeleteAsync([.. present.Values.Select(info => info.Key)], cancellationToken);
        }
    }

    private static async Task<Dictionary<LogKey, ObjectInfo>> ListAsync(Repository repository, string experimentId, CancellationToken cancellationToken)
    {
        var found = new Dictionary<LogKey, ObjectInfo>();
        await foreach (var info in repository.Store.ListAsync(RepositoryKeys.LogsOf(experimentId), cancellationToken))
        {
            if (LogKey.Parse(info.Key) is { } key)
            {
                found[key] = info;
            }
        }

        return found;
    }
}
