using System.Text;
using Replicate.Storage.Disk;

namespace Replicate.Storage;

/// <summary>Writes files whole or not at all: each takes the place of what was there when it is finished.</summary>
internal static class WholeFile
{
    private const int BufferLength = 1 << 16;

    /// <summary>Writes a file that somebody asked for by name.</summary>
    /// <param name="path">Its absolute path; the directory must be there.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellationToken">Ends the work; what was there is then untouched.</param>
    /// <exception cref="ReplicateException">
    /// The directory isn't there (<c>DirectoryNotFound</c>), or the file system refuses the file.
    /// </exception>
    internal static async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var temporary = DiskKey.TemporaryBeside(path);
        try
        {
            await using (var file = new FileStream(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferLength, FileOptions.Asynchronous))
            {
                await write(file, cancellationToken);
            }

            await HeldFile.ReplaceAsync(temporary, path, cancellationToken);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new ReplicateException(
                ErrorKind.NotFound, "DirectoryNotFound", $"The directory '{Path.GetDirectoryName(path)}' to write '{Path.GetFileName(path)}' into does not exist.",
                "Create it, or choose another place.", e);
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
        finally
        {
            DiskFile.TryDelete(temporary);
        }
    }

    /// <summary>Writes a text that anybody may read who may read its directory.</summary>
    /// <inheritdoc cref="WritePrivate(string, Action{Stream}, bool)"/>
    internal static void Write(string path, string text) =>
        Write(path, new FileStreamOptions(), file => file.Write(Encoding.UTF8.GetBytes(text)), isDurable: false);

    /// <summary>Writes a text of ours, which only its owner may read.</summary>
    /// <inheritdoc cref="WritePrivate(string, Action{Stream}, bool)"/>
    internal static void WritePrivate(string path, string text, bool isDurable = false) =>
        WritePrivate(path, file => file.Write(Encoding.UTF8.GetBytes(text)), isDurable);

    /// <summary>Writes a file of ours, which only its owner may read.</summary>
    /// <param name="path">Its absolute path; the directory must be there.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="isDurable">Whether the content is flushed to the disk before it takes its place.</param>
    /// <exception cref="IOException">The file system refuses the file, as does an <see cref="UnauthorizedAccessException"/>.</exception>
    internal static void WritePrivate(string path, Action<Stream> write, bool isDurable = false) =>
        Write(path, CreationMode.Open(FileMode.CreateNew, FileAccess.Write, FileShare.None), write, isDurable);

    private static void Write(string path, FileStreamOptions options, Action<Stream> write, bool isDurable)
    {
        var temporary = DiskKey.TemporaryBeside(path);
        (options.Mode, options.Access, options.Share, options.BufferSize) = (FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferLength);
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                write(file);
            }

            if (isDurable)
            {
                DiskFile.TryFlush(temporary);
            }

            HeldFile.Replace(temporary, path);
        }
        finally
        {
            DiskFile.TryDelete(temporary);
        }
    }
}
