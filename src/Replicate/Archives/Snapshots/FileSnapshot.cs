using Replicate.Archives.Selecting;
using Replicate.Storage;

namespace Replicate.Archives.Snapshots;

/// <summary>
/// Files as they were at one moment, in memory or as copies in a directory of ours, to be saved from there while the program
/// goes on. Disposing gives their place to others.
/// </summary>
internal sealed class FileSnapshot : IDisposable
{
    private readonly (string Path, FileStamp? Stamp)[] _stamps;
    private Action? _release;

    private FileSnapshot(string path, IReadOnlyList<SelectedFile> files, (string, FileStamp?)[] stamps, Action release)
    {
        (_stamps, _release) = (stamps, release);
        (Path, Files) = (path, files);
        Length = files.Sum(file => file.Length);
    }

    /// <summary>The path that is recorded.</summary>
    internal string Path { get; }

    /// <summary>The files, to be read as they were.</summary>
    internal IReadOnlyList<SelectedFile> Files { get; }

    /// <summary>How many bytes they are.</summary>
    internal long Length { get; }

    /// <summary>What tells the files from others, by their absolute paths; links have none.</summary>
    internal IReadOnlyList<(string Path, FileStamp? Stamp)> Stamps => _stamps;

    /// <summary>Takes what a path holds now (as clones where it is large and the file system has those).</summary>
    /// <param name="select">Finds the files; asked twice where they are several.</param>
    /// <param name="path">The path that is recorded; it fails where nothing is there.</param>
    /// <param name="directory">Where what is large is copied to.</param>
    /// <returns>The files; null where nothing is there, or what is there was written meanwhile.</returns>
    internal static FileSnapshot? TryTake(Func<IReadOnlyList<SelectedFile>> select, Func<string> path, SnapshotDirectory directory)
    {
        Action? release = null;
        try
        {
            var files = select();
            var before = StampsOf(files);
            if (MemorySnapshot.TryTake(files) is { } taken)
            {
                release = () => MemorySnapshot.Return(taken);
            }
            else
            {
                var place = directory.TakePlace();
                release = () => directory.ReturnPlace(place);
                taken = DiskSnapshot.Take(files, place, CancellationToken.None);
            }

            // What was written meanwhile may be half of one version and half of another.
            if (files.Count == 1 || select().SequenceEqual(files))
            {
                var snapshot = new FileSnapshot(path(), taken, before, release);
                if (StampsOf(files).SequenceEqual(before))
                {
                    return snapshot;
                }
            }
        }
        catch (Exception e) when (e is ReplicateException or IOException or UnauthorizedAccessException)
        {
            // Not there yet, replaced just now, or not readable: these files belong to no step.
        }

        release?.Invoke();
        return null;
    }

    /// <summary>What tells the files that are found now from others; none where nothing is there.</summary>
    internal static IReadOnlyList<(string Path, FileStamp? Stamp)> StampsOf(Func<IReadOnlyList<SelectedFile>> select)
    {
        try
        {
            return StampsOf(select());
        }
        catch (Exception e) when (e is ReplicateException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();

    private static (string Path, FileStamp? Stamp)[] StampsOf(IReadOnlyList<SelectedFile> files) =>
        [.. files.Select(file => (file.FullPath, file.LinkTarget is null ? Required(file.FullPath) : (FileStamp?)null))];

    private static FileStamp Required(string path) => FileStamp.Of(path) ?? throw new FileNotFoundException(null, path);
}
