using System.Formats.Tar;
using System.Text;

namespace Replicate.Archives;

/// <summary>Writes tarballs: every entry below one top directory named after the id, gzip-compressed.</summary>
public static class ArchiveWriter
{
    private const int UstarNameLength = 100;
    private const int UstarPrefixLength = 155;
    private const long UstarMaxSize = (1L << 33) - 1;

    /// <summary>Writes the selected files in one pass.</summary>
    /// <param name="id">The id of the experiment or checkpoint, the name of the top directory.</param>
    /// <param name="files">What is saved; at least one.</param>
    /// <param name="output">A stream that need not seek. It is left open; after an error it does not look whole.</param>
    /// <param name="progress">Told how many bytes are saved.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">
    /// A file vanished or changed while it was read (<c>FileChanged</c>), or cannot be read (<c>FileUnreadable</c>).
    /// </exception>
    public static async Task WriteAsync(
        string id, IReadOnlyList<SelectedFile> files, Stream output, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));

        // Disposed only after the last file: disposing writes the end marks, and a tarball that an error cut short
        // must never look whole.
        var gzip = Gzip.Compress(output, Gzip.LevelFor(files));
        var tar = new TarWriter(gzip, leaveOpen: true);
        var counter = new ByteCounter(progress, $"Saving files of {ShortIds.Of(id)}", files.Sum(file => file.Length));
        foreach (var file in files)
        {
            var name = $"{id}/{file.Path}";
            if (file.LinkTarget is { } target)
            {
                await tar.WriteEntryAsync(LinkEntry(name, target, file.FullPath), cancellationToken);
            }
            else
            {
                await WriteFileAsync(tar, name, file.FullPath, counter, cancellationToken);
            }
        }

        await tar.DisposeAsync();
        await gzip.DisposeAsync();
    }

    internal static TarEntry FileEntry(string name, Stream content, UnixFileMode mode, DateTime lastModified)
    {
        var entry = NewEntry(TarEntryType.RegularFile, name, "", content.Length);
        entry.DataStream = content;
        entry.Mode = mode & SavedFile.Permissions;
        entry.ModificationTime = ToTarTime(lastModified);
        return entry;
    }

    private static async Task WriteFileAsync(
        TarWriter tar, string name, string fullPath, ByteCounter counter, CancellationToken cancellationToken)
    {
        await using var file = new SteadyFile(fullPath, counter);
        await tar.WriteEntryAsync(FileEntry(name, file, file.Mode, file.LastModified), cancellationToken);
    }

    private static TarEntry LinkEntry(string name, string target, string fullPath)
    {
        var entry = NewEntry(TarEntryType.SymbolicLink, name, target, 0);
        entry.LinkName = target;
        entry.Mode = SavedFile.Permissions;
        entry.ModificationTime = ToTarTime(File.GetLastWriteTimeUtc(fullPath));
        return entry;
    }

    private static TarEntry NewEntry(TarEntryType type, string name, string linkTarget, long length) =>
        FitsUstar(name, linkTarget, length) ? new UstarTarEntry(type, name) : new PaxTarEntry(type, name);

    private static bool FitsUstar(string name, string linkTarget, long length)
    {
        var slash = name.LastIndexOf('/');
        return Ascii.IsValid(name) && Ascii.IsValid(linkTarget)
            && (name.Length <= UstarNameLength || (slash <= UstarPrefixLength && name.Length - slash - 1 <= UstarNameLength))
            && linkTarget.Length <= UstarNameLength
            && length <= UstarMaxSize;
    }

    /// <summary>Whole seconds, not before 1970: what a ustar header can hold.</summary>
    private static DateTimeOffset ToTarTime(DateTime utc) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Max(0, new DateTimeOffset(utc).ToUnixTimeSeconds()));
}
