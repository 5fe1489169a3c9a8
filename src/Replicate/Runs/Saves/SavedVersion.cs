using Replicate.Archives.Snapshots;
using Replicate.Storage;

namespace Replicate.Runs.Saves;

/// <summary>What a path held at one position of a <see cref="SaveLog"/>, whole.</summary>
/// <param name="first">The position at which it was so first.</param>
/// <param name="stamps">What tells its files from others.</param>
/// <param name="files">The files; null where nobody wants them.</param>
/// <param name="prints">How often something had been printed before it was written.</param>
internal sealed class SavedVersion(long first, IReadOnlyList<(string Path, FileStamp? Stamp)> stamps, FileSnapshot? files, long prints)
{
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(100);

    private readonly DateTime _taken = DateTime.UtcNow;

    /// <summary>The position at which it was so first.</summary>
    internal long First { get; } = first;

    /// <summary>The last position at which it was known to be so.</summary>
    internal long Last { get; set; } = first;

    /// <summary>How often something had been printed before it was written.</summary>
    internal long Prints => prints;

    /// <summary>How many bytes it takes.</summary>
    internal long Length => files?.Length ?? 0;

    /// <summary>
    /// Whether the same files, with the same content, are in another version. The stamps of what was written just before this was
    /// taken don't tell: the clock of a file system goes in steps.
    /// </summary>
    internal bool IsSameAs(FileSnapshot other) =>
        stamps.SequenceEqual(other.Stamps) && stamps.All(entry => entry.Stamp is not { } stamp || _taken - stamp.Written > ClockStep);

    /// <summary>Whether a file in another version is empty that isn't in this one: its writer is not done.</summary>
    internal bool IsEmptiedIn(FileSnapshot other)
    {
        var known = stamps.Where(entry => entry.Stamp?.Length > 0).Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        return other.Stamps.Any(entry => entry.Stamp?.Length == 0 && known.Contains(entry.Path));
    }

    /// <summary>Gives its files to who wants them: once.</summary>
    internal FileSnapshot? Take()
    {
        var taken = files;
        files = null;
        return taken;
    }

    /// <summary>Gives up its files.</summary>
    internal void Drop() => Take()?.Dispose();
}
