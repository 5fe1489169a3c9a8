using System.Globalization;
using System.IO.Compression;
using System.Text;
using Replicate.Archives.Selecting;
using Replicate.Archives.Snapshots;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Spool;

/// <summary>
/// Copies of files that are going to be archived, each set in a directory named after the experiment or checkpoint that
/// they are saved with: the files under their numbers, and a list that is written last. When they are archived, the checksum
/// of the tarball is all that is there, until it is recorded.
/// </summary>
internal sealed class SpooledFiles(string directory)
{
    private const string ListName = "list";
    private const string Sha256Name = "sha256";

    /// <summary>The bytes that an entry of the list has at least.</summary>
    private const int SmallestEntry = 14;

    // Nobody copies for so long.
    private static readonly TimeSpan OldAge = TimeSpan.FromDays(1);

    /// <summary>Copies files; when this returns they outlive the process, and what changes the files doesn't matter.</summary>
    /// <returns>False where no directory can be made here for them.</returns>
    /// <exception cref="ReplicateException">A file was changed meanwhile or can't be read, or the disk is full.</exception>
    internal async Task<bool> TryAddAsync(FilesToSave files, CancellationToken cancellationToken)
    {
        var place = PlaceOf(files.Id);
        try
        {
            CreationMode.CreateDirectory(place);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Verbose($"The files are archived at once, because '{place}' cannot be made: {e.Message}");
            return false;
        }

        Task<SelectedFile[]>? copying = null;
        try
        {
            Log.Verbose($"Copying {files.Files.Count} files to '{place}'.");
            copying = Task.Run(() => DiskSnapshot.Take(files.Files, place, cancellationToken), CancellationToken.None);
            var copies = await copying.WaitAsync(cancellationToken);
            WholeFile.WritePrivate(Path.Combine(place, ListName), file => WriteList(file, copies, files.Level));
            return true;
        }
        catch (Exception e)
        {
            if (copying is { IsCompleted: false })
            {
                // A single large file is copied to its end; nobody waits for that.
                _ = copying.ContinueWith(_ => Drop(files.Id), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            else
            {
                Drop(files.Id);
            }

            if (e is IOException or UnauthorizedAccessException)
            {
                throw DiskError.From(e, "write", place)!;
            }

            throw;
        }
    }

    /// <summary>Makes the copies made for an id durable; what was archived meanwhile is so already.</summary>
    /// <exception cref="ReplicateException">The disk failed or is full (<c>FlushFailed</c>).</exception>
    internal void Flush(string id, CancellationToken cancellationToken)
    {
        var place = PlaceOf(id);
        if (!Directory.Exists(place))
        {
            return;
        }

        foreach (var path in Directory.GetFiles(place))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (OperatingSystem.IsWindows() && File.Exists(path))
            {
                // It can't flush the copy of a file that nobody may write.
                File.SetAttributes(path, FileAttributes.Normal);
            }

            DiskFile.TryFlush(path);
        }

        DirectoryFlush.Flush(place);
        DirectoryFlush.Flush(directory);
        DirectoryFlush.Flush(Path.GetDirectoryName(directory)!);
    }

    /// <summary>The ids whose copies were begun long ago.</summary>
    internal IReadOnlyList<string> Old()
    {
        try
        {
            return [.. new DirectoryInfo(directory).EnumerateDirectories()
                .Where(place => DateTime.UtcNow - place.LastWriteTimeUtc > OldAge).Select(place => place.Name)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The copies made for an id; null where there are none, or no longer.</summary>
    /// <exception cref="ReplicateException">They are cut short (<c>CopiesLost</c>) or not what was written (<c>CopiesDamaged</c>).</exception>
    internal FilesToSave? Find(string id, IProgress<Progress>? progress)
    {
        var place = PlaceOf(id);
        var list = Path.Combine(place, ListName);
        try
        {
            return File.Exists(list) ? ReadList(list, id, progress) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !File.Exists(list))
        {
            // Another process archived them meanwhile.
            return null;
        }
        catch (Exception e) when (e is IOException or FormatException or OverflowException or ArgumentException)
        {
            throw new ReplicateException(
                ErrorKind.InvalidData, ErrorIds.CopiesDamaged, $"The copies in '{place}' are not what was saved: {e.Message}",
                "Save the files again; the machine may have lost power.", e);
        }
    }

    /// <summary>Whether there are copies for an id.</summary>
    internal bool Has(string id) => File.Exists(Path.Combine(PlaceOf(id), ListName));

    /// <summary>Deletes the copies made for an id, and keeps the checksum of the tarball that was made of them.</summary>
    /// <exception cref="ReplicateException">The checksum can't be written.</exception>
    internal void Archived(string id, string sha256)
    {
        var place = PlaceOf(id);
        var path = Path.Combine(place, Sha256Name);
        try
        {
            WholeFile.WritePrivate(path, sha256);

            // The list goes first: without it the others are none.
            foreach (var file in new DirectoryInfo(place).EnumerateFiles().OrderByDescending(file => file.Name == ListName).ToArray())
            {
                if (file.Name != Sha256Name)
                {
                    DiskFile.TryDelete(file.FullName);
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Who gave them up meanwhile needs no checksum.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskError.From(e, "write", path)!;
        }
    }

    /// <summary>The SHA-256 of the tarball that was made of the copies for an id; empty where there is none.</summary>
    /// <exception cref="ReplicateException">It can't be read.</exception>
    internal string Sha256Of(string id)
    {
        var path = Path.Combine(PlaceOf(id), Sha256Name);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskError.From(e, "read", path)!;
        }
    }

    /// <summary>Deletes the copies made for an id, if there are any.</summary>
    internal void Drop(string id)
    {
        try
        {
            // Without the list they are none, whatever is left of them.
            DiskFile.TryDelete(Path.Combine(PlaceOf(id), ListName));
            Directory.Delete(PlaceOf(id), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // There were none.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Verbose($"'{PlaceOf(id)}' could not be deleted: {e.Message}");
        }
    }

    private string PlaceOf(string id) => DiskKey.ToPath(directory, id);

    private static void WriteList(Stream file, SelectedFile[] copies, CompressionLevel level)
    {
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        writer.Write((byte)level);
        writer.Write(copies.Length);
        foreach (var copy in copies)
        {
            writer.Write(copy.Path);
            writer.Write(copy.LinkTarget is null ? int.Parse(Path.GetFileName(copy.FullPath), CultureInfo.InvariantCulture) : 0);
            writer.Write(copy.LinkTarget ?? "");
            writer.Write(copy.Length);
        }
    }

    /// <summary>The error for what a power failure leaves of files that were not flushed: shorter ones.</summary>
    private static ReplicateException Lost(string path) => new(
        ErrorKind.InvalidData, ErrorIds.CopiesLost, $"'{path}' was not written to its end when the power failed.",
        "Save the files again; with -Durable they survive that.");

    private static FilesToSave ReadList(string path, string id, IProgress<Progress>? progress)
    {
        using var reader = new BinaryReader(File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
        if (reader.BaseStream.Length == 0)
        {
            throw Lost(path);
        }

        var level = (CompressionLevel)reader.ReadByte();
        var count = reader.ReadInt32();
        if (count < 0 || count > reader.BaseStream.Length / SmallestEntry || !Enum.IsDefined(level))
        {
            throw new FormatException("The list of them is damaged.");
        }

        var copies = new SelectedFile[count];
        for (var i = 0; i < copies.Length; i++)
        {
            var (name, number, link, length) = (reader.ReadString(), reader.ReadInt32(), reader.ReadString(), reader.ReadInt64());
            var copy = new FileInfo(Path.Combine(Path.GetDirectoryName(path)!, number.ToString(CultureInfo.InvariantCulture)));
            if (name.Length == 0 || ArchivePath.FromUser(name) != name || number < 0)
            {
                throw new FormatException($"'{name}' is no path inside the project.");
            }

            if (link.Length == 0 && copy.LinkTarget is null && copy.Length < length)
            {
                throw Lost(copy.FullName);
            }

            if (link.Length == 0 && (copy.LinkTarget is not null || copy.Length != length))
            {
                throw new IOException($"'{copy.FullName}' is not what it was.");
            }

            copies[i] = new SelectedFile(name, copy.FullName, link.Length > 0 ? link : null, length);
        }

        return new FilesToSave(id, copies, progress) { Level = level };
    }
}
