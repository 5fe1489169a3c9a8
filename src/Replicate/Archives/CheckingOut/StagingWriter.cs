using System.Buffers;
using Replicate.Archives.Reading;
using Replicate.Archives.Writing;

namespace Replicate.Archives.CheckingOut;

/// <summary>
/// Writes the files of a tarball beside their places: small ones several at a time, of a large one each piece while the next
/// is read. Disposing waits for what is being written.
/// </summary>
/// <param name="target">The directory that is checked out into, for error messages.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class StagingWriter(string target, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int Piece = 1 << 19;
    private static readonly int MaxWriting = 2 * Math.Clamp(Environment.ProcessorCount, 2, 16);

    private readonly Queue<Task> _writing = new();

    /// <summary>Reads the content of a file to its end, and writes it now or soon.</summary>
    /// <exception cref="ReplicateException">This file or one before could not be written (<c>CheckOutFailed</c>).</exception>
    public async Task WriteAsync(TarballEntry entry, string staged)
    {
        if (entry.File.Length > Piece)
        {
            await CatchAsync(() => CopyAsync(entry, staged));
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)entry.File.Length + 1);
        try
        {
            var length = await entry.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            while (_writing.Count >= MaxWriting)
            {
                await _writing.Dequeue();
            }

            var content = buffer;
            _writing.Enqueue(Task.Run(() => CatchAsync(() => WriteAsync(entry.File, staged, content, length)), cancellationToken));
            buffer = null;
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <summary>Waits until all is written.</summary>
    /// <exception cref="ReplicateException">A file could not be written (<c>CheckOutFailed</c>).</exception>
    public async Task CompleteAsync()
    {
        while (_writing.TryDequeue(out var writing))
        {
            await writing;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_writing.TryDequeue(out var writing))
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task WriteAsync(SavedFile file, string staged, byte[] content, int length)
    {
        try
        {
            using var output = Create(staged, file);
            await RandomAccess.WriteAsync(output.SafeFileHandle, content.AsMemory(0, length), 0);
            File.SetLastWriteTimeUtc(output.SafeFileHandle, file.LastModified.ToUniversalTime());
        }
        finally
        {
            Return(content);
        }
    }

    /// <remarks>The system takes from the mode what the user grants nobody, as with every file that is made.</remarks>
    private static FileStream Create(string staged, SavedFile file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = file.Mode;
        }

        return new FileStream(staged, options);
    }

    private static void Return(byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task CopyAsync(TarballEntry entry, string staged)
    {
        using var output = Create(staged, entry.File);
        var (filled, free) = (ArrayPool<byte>.Shared.Rent(Piece), ArrayPool<byte>.Shared.Rent(Piece));
        var writing = Task.CompletedTask;
        try
        {
            for (var offset = 0L; ;)
            {
                var read = await entry.Content.ReadAtLeastAsync(free.AsMemory(0, Piece), Piece, throwOnEndOfStream: false, cancellationToken);
                await writing;
                if (read == 0)
                {
                    break;
                }

                (filled, free) = (free, filled);
                writing = RandomAccess.WriteAsync(output.SafeFileHandle, filled.AsMemory(0, read), offset, cancellationToken).AsTask();
                offset += read;
            }

            File.SetLastWriteTimeUtc(output.SafeFileHandle, entry.File.LastModified.ToUniversalTime());
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Return(filled);
            Return(free);
        }
    }

    private async Task CatchAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw FileErrors.CheckOutFailed(target, e);
        }
    }
}
