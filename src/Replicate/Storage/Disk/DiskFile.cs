using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Storage.Disk;

/// <summary>What a store does with a single file.</summary>
internal static class DiskFile
{
    private const int Small = 1 << 20;
    private const int MaxTries = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens a file that others may replace meanwhile; null where there is none.</summary>
    public static SafeFileHandle? TryOpen(string path, FileOptions options = FileOptions.None)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path))
        {
            return null;
        }
    }

    /// <summary>The version of a file; null where there is none.</summary>
    public static FileVersion? VersionOf(string path)
    {
        using var file = TryOpen(path);
        return file is null ? null : FileVersion.Of(file);
    }

    /// <summary>Reads a whole file with the version of exactly these bytes.</summary>
    public static Task<StoredObject> ReadAsync(SafeFileHandle file, string path, CancellationToken cancellationToken) =>
        ReadAsync(
            file, path, static length => new byte[length],
            static (content, version) => new StoredObject(content, version.ToString()), cancellationToken);

    /// <summary>Reads a whole file into borrowed memory, which must not be kept.</summary>
    public static async Task BorrowAsync(
        SafeFileHandle file, string path, Action<ReadOnlyMemory<byte>, FileVersion> use, CancellationToken cancellationToken)
    {
        byte[] buffer = [];
        try
        {
            await ReadAsync(
                file, path,
                length =>
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return buffer = ArrayPool<byte>.Shared.Rent(length);
                },
                (content, version) =>
                {
                    use(content, version);
                    return true;
                },
                cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Reads a whole file of one version: other programs write in place, and what changes while it is read is read again.
    /// </summary>
    private static async Task<T> ReadAsync<T>(
        SafeFileHandle file, string path, Func<int, byte[]> allocate, Func<ReadOnlyMemory<byte>, FileVersion, T> use,
        CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var version = FileVersion.Of(file);
            var content = allocate(checked((int)version.Length)).AsMemory(0, (int)version.Length);
            var count = 0;
            for (var last = -1; last != 0 && count < content.Length; count += last)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // A small file is read at once: there are thousands of them, and a thread of the pool would do the same.
                last = content.Length <= Small
                    ? RandomAccess.Read(file, content.Span[count..], count)
                    : await RandomAccess.ReadAsync(file, content[count..], count, cancellationToken);
            }

            if (count == content.Length && FileVersion.Of(file) == version)
            {
                return use(content, version);
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new IOException("Another program keeps writing it.");
    }

    /// <summary>Writes a new file, creating its directory, and flushes it to the disk unless it need not be durable.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="content">What is written.</param>
    /// <param name="mode">The mode of directories there; see <see cref="CreationMode"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task WriteAsync(string path, ObjectContent content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var directory = Path.GetDirectoryName(path)!;
        CreateDirectory(directory, mode);
        var options = CreationMode.Open(FileMode.CreateNew, FileAccess.Write, FileShare.None, mode);
        (options.BufferSize, options.Options) = (1 << 16, FileOptions.Asynchronous);
        await using var file = new FileStream(path, options);
        await content.WriteToAsync(file, cancellationToken);
        await file.FlushAsync(cancellationToken);
        if (content.IsDurable)
        {
            file.Flush(flushToDisk: true);
            if (!content.IsReadSoon)
            {
                PageCache.Forget(file.SafeFileHandle);
            }
        }
    }

    /// <summary>Creates a directory, and those that it lies in, where they are missing, and makes their names durable.</summary>
    /// <exception cref="ReplicateException">The disk failed (<c>FlushFailed</c>).</exception>
    public static void CreateDirectory(string path, UnixFileMode mode = CreationMode.Private)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateDirectory(parent, mode);
        }

        CreationMode.CreateDirectory(path, mode);
        if (!string.IsNullOrEmpty(parent))
        {
            DirectoryFlush.Flush(parent);
        }
    }

    /// <summary>Makes durable what a file holds, whoever wrote it.</summary>
    /// <returns>False where it isn't there.</returns>
    /// <exception cref="ReplicateException">The disk failed or is full (<c>FlushFailed</c>).</exception>
    public static bool TryFlush(string path)
    {
        try
        {
            // Windows flushes only what may be written.
            using var file = File.OpenHandle(
                path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DirectoryFlush.Failed($"what was written to '{path}'", e.Message, e);
        }
    }

    /// <summary>
    /// Renames a finished file into the place of another, with a later time of writing than that had, so that the
    /// version changes on clocks that are coarse or were set back. Only one writer may do so at a time.
    /// </summary>
    public static async Task<FileVersion> ReplaceAsync(
        string path, FileVersion? replaced, string finished, CancellationToken cancellationToken)
    {
        var version = VersionOf(finished)!.Value;
        for (var step = 1L; version.Written <= replaced?.Written; step *= 10)
        {
            File.SetLastWriteTimeUtc(finished, replaced.Value.Written.AddTicks(step));
            version = VersionOf(finished)!.Value;
        }

        await HeldFile.ReplaceAsync(finished, path, cancellationToken);
        return version;
    }

    /// <summary>Deletes a file if that can be done: what stays is never listed.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
