using Replicate.Repositories;
using Replicate.Repositories.Logs;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Spool;

/// <summary>
/// The logs in a spool, under the keys that they will have. Who writes one holds a file <c>{writer}.lock</c> beside it open, which the system
/// frees with its process: what nobody holds waits to be sent by whoever sends next.
/// </summary>
/// <param name="directory">The spool.</param>
/// <param name="store">Its objects.</param>
/// <param name="origin">What it belongs to.</param>
internal sealed class SpooledLogs(string directory, DiskStore store, SpoolOrigin origin)
{
    private const string LockExtension = ".lock";

    /// <summary>Begins to write a log.</summary>
    /// <param name="experimentId">Whose.</param>
    /// <param name="writer">The name of the writer.</param>
    /// <returns>Held until the log is whole.</returns>
    /// <exception cref="ReplicateException">The spool can't be written to, or is another's.</exception>
    internal IDisposable Claim(string experimentId, string writer)
    {
        origin.Claim();
        var path = LockOf(experimentId, writer);
        try
        {
            DiskFile.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, WithDeletion(CreationMode.Open(FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None)));
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }

    /// <summary>The segments that wait to be sent: those that no process writes to.</summary>
    internal IEnumerable<Operation> Read(CancellationToken cancellationToken)
    {
        var keys = store.List(RepositoryKeys.LogPrefix, cancellationToken).Select(info => LogKey.Parse(info.Key)).OfType<LogKey>();
        return keys.GroupBy(key => (key.ExperimentId, key.Writer))
            .Where(writer => !IsHeld(LockOf(writer.Key.ExperimentId, writer.Key.Writer)))
            .SelectMany(writer => writer.OrderBy(key => key.Number))
            .Select(key => new Operation(key.Key, OperationKind.Log, key.ExperimentId, null, null));
    }

    /// <summary>Forgets the directories of logs that were sent.</summary>
    internal void ForgetEmpty(IEnumerable<Operation> sent)
    {
        foreach (var id in sent.Where(operation => operation.Kind == OperationKind.Log).Select(operation => operation.ExperimentId).Distinct())
        {
            ((IGrowingObjects)store).ForgetEmpty(RepositoryKeys.LogsOf(id));
        }
    }

    private static FileStreamOptions WithDeletion(FileStreamOptions options)
    {
        options.Options |= FileOptions.DeleteOnClose;
        return options;
    }

    private static bool IsHeld(string path)
    {
        try
        {
            // Where it is left, its holder was killed: it is deleted as it is closed.
            using var file = File.Exists(path)
                ? new FileStream(path, WithDeletion(new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.None }))
                : null;
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (DiskError.IsSharingViolation(e))
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string LockOf(string experimentId, string writer) =>
        DiskKey.ToPath(directory, $"{RepositoryKeys.LogsOf(experimentId)}{writer}{LockExtension}");
}
