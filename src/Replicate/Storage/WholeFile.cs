using Replicate.Storage.Disk;

namespace Replicate.Storage;

/// <summary>Writes files that somebody asked for by name: each takes the place of what was there when it is finished.</summary>
internal static class WholeFile
{
    private const int BufferLength = 1 << 16;

    /// <summary>Writes a file, whole or not at all.</summary>
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

            File.Move(temporary, path, overwrite: true);
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
}
