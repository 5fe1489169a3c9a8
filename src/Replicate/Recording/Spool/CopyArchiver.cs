using System.Diagnostics.CodeAnalysis;
using Replicate.Repositories;

namespace Replicate.Recording.Spool;

/// <summary>
/// Archives what is only copied to a spool yet: in the spool for a remote repository, in its place for one on the disk. One
/// at a time, because that takes all cores.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
internal sealed class CopyArchiver(SpoolDirectory spool, Repository repository)
{
    private readonly SemaphoreSlim _archiving = new(1, 1);

    /// <summary>Archives the files of an id that are only copied yet; where there are none, nothing is done.</summary>
    internal async Task ArchiveAsync(string id, string key, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        if (!spool.HasCopies(id))
        {
            return;
        }

        await _archiving.WaitAsync(cancellationToken);
        try
        {
            if (spool.FindCopies(id, progress) is { } files)
            {
                await (repository.IsLocal
                    ? repository.WriteArchiveAsync(key, files.ToArchive(), cancellationToken)
                    : spool.AddArchiveAsync(key, files.ToArchive(), cancellationToken));
                await spool.DropArchivedAsync(files);
            }
        }
        catch (ReplicateException error) when (error.Id is ErrorIds.FileChanged or ErrorIds.FileUnreadable && !spool.HasCopies(id))
        {
            // Another process was faster.
        }
        finally
        {
            _archiving.Release();
        }
    }
}
