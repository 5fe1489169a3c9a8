using Replicate.Archives.Selecting;
using Replicate.Archives.Snapshots;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Reading;

/// <summary>A file or link of a tar file.</summary>
/// <param name="File">What it is.</param>
/// <param name="Offset">Where its content begins, right behind its header.</param>
/// <param name="HeaderLength">How long the header is, PAX header included.</param>
internal sealed record ArchiveEntry(SavedFile File, long Offset, int HeaderLength)
{
    /// <summary>Where its header begins.</summary>
    public long Start => Offset - HeaderLength;

    /// <summary>Where the next header may begin.</summary>
    public long End => Offset + TarHeader.Padded(File.Length);
}

/// <summary>Makes entries of what is on the disk.</summary>
internal static class TarEntries
{
    public static SavedFile Of(SelectedFile selected, FileContent file) => new()
    {
        Path = selected.Path,
        Length = file.Length,
        Mode = file.Mode & SavedFile.Permissions,
        LastModified = file.LastModified,
    };

    public static SavedFile OfLink(SelectedFile selected) => new()
    {
        Path = selected.Path,
        Kind = SavedFileKind.Link,
        LinkTarget = selected.LinkTarget,
        Mode = SavedFile.Permissions,
        LastModified = File.GetLastWriteTimeUtc(selected.FullPath),
    };

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
