using System.Collections.Concurrent;
using Replicate.Configuration;
using Replicate.Storage.Disk;

namespace Replicate.Archives.Snapshots;

/// <summary>
/// A directory for files on their way into the repository, in the user's cache directory: copies are clones, which share their
/// content, where the project lies on the same disk. Disposing deletes it.
/// </summary>
/// <remarks>
/// Places are used again, with the files that are there: of what is created and deleted a hundred times a second, file systems
/// make more work than of its content.
/// </remarks>
internal sealed class SnapshotDirectory(ProjectConfiguration project, string id) : IDisposable
{
    private readonly string _directory = Path.Combine(LocalState.CacheFor(project), "snapshots", id);
    private readonly ConcurrentBag<string> _free = [];
    private long _count;

    /// <summary>Takes a directory in it that nobody uses; files that are there may be written over.</summary>
    /// <exception cref="ReplicateException">Others may write there (<c>StateNotPrivate</c>).</exception>
    internal string TakePlace()
    {
        if (!_free.TryTake(out var place))
        {
            LocalState.CheckPrivate(LocalState.CacheRoot, _directory);
            place = Path.Combine(_directory, $"{Interlocked.Increment(ref _count)}");
            CreationMode.CreateDirectory(place);
        }

        return place;
    }

    /// <summary>Gives a place back.</summary>
    internal void ReturnPlace(string place) => _free.Add(place);

    /// <summary>Writes a file that stays until the end.</summary>
    /// <returns>Its path; null where nothing can be written.</returns>
    internal string? TryWriteFile(byte[] content)
    {
        try
        {
            var path = Path.Combine(TakePlace(), "file");
            File.WriteAllBytes(path, content);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(_directory))
            {
                Directory.Delete(_directory, recursive: true);
                if (Path.GetDirectoryName(_directory) is { } all && !Directory.EnumerateFileSystemEntries(all).Any())
                {
                    Directory.Delete(all);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Verbose($"'{_directory}' could not be deleted: {e.Message}");
        }
    }
}
