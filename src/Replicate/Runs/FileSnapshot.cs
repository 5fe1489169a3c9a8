using Replicate.Archives;

namespace Replicate.Runs;

/// <summary>
/// Copies of files as they were at one moment, in a directory of ours, to be saved from there while the program goes on.
/// Disposing gives their place to others.
/// </summary>
internal sealed class FileSnapshot : IDisposable
{
    private readonly SnapshotDirectory _directory;
    private readonly (string Path, FileStamp? Stamp)[] _stamps;
    private string? _place;

    private FileSnapshot(
        SnapshotDirectory directory, string place, string path, IReadOnlyList<SelectedFile> files, (string, FileStamp?)[] stamps)
    {
        (_directory, _place, _stamps) = (directory, place, stamps);
        (Path, Files) = (path, files);
        Length = files.Sum(file => file.Length);
    }

    /// <summary>The path that is recorded.</summary>
    internal string Path { get; }

    /// <summary>The files, to be read from their copies.</summary>
    internal IReadOnlyList<SelectedFile> Files { get; }

    /// <summary>How many bytes they are.</summary>
    internal long Length { get; }

    /// <summary>Copies what a path holds now (shared blocks where the file system can do that).</summary>
    /// <param name="path">What to copy.</param>
    /// <param name="directory">Where to.</param>
    /// <param name="notAfter">Files that were written after this moment are of something else.</param>
    /// <returns>The copies; null where a file isn't there, was written later, or while it was copied.</returns>
    internal static FileSnapshot? TryTake(SavePath path, SnapshotDirectory directory, Timestamp notAfter)
    {
        string? place = null;
        try
        {
            var files = path.Select();
            var before = StampsOf(files);
            if (!Array.TrueForAll(before, stamp => stamp.Stamp is null || stamp.Stamp.Value.Written <= notAfter.Utc))
            {
                return null;
            }

            place = directory.TakePlace();
            var copies = FileCopies.Take(files, place, CancellationToken.None);

            // What was written meanwhile may be half of one version and half of another.
            if (files.Count == 1 || path.Select().SequenceEqual(files))
            {
                var snapshot = new FileSnapshot(directory, place, path.Recorded, copies, before);
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

        if (place is not null)
        {
            directory.ReturnPlace(place);
        }

        return null;
    }

    /// <summary>The copies as what is saved with a checkpoint.</summary>
    internal FilesToSave ToSave(string id) => new(id, Files, Progress: null);

    /// <summary>Whether the files are still what was copied.</summary>
    internal bool IsCurrent() => Array.TrueForAll(_stamps, stamp => stamp.Stamp is null || FileStamp.Of(stamp.Path) == stamp.Stamp);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _place, null) is { } place)
        {
            _directory.ReturnPlace(place);
        }
    }

    private static (string Path, FileStamp? Stamp)[] StampsOf(IReadOnlyList<SelectedFile> files) =>
        [.. files.Select(file => (file.FullPath, file.LinkTarget is null ? Required(file.FullPath) : (FileStamp?)null))];

    private static FileStamp Required(string path) => FileStamp.Of(path) ?? throw new FileNotFoundException(null, path);
}
