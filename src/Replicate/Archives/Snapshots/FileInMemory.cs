using System.Buffers;
using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Snapshots;

/// <summary>A file in memory, as it was at one moment. Disposing gives the memory back.</summary>
internal sealed class FileInMemory : IDisposable
{
    private readonly DateTime _lastModified;
    private readonly UnixFileMode _mode;
    private readonly int _length;
    private readonly byte[] _buffer;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ReplicateException">It is not what was selected (<c>FileChanged</c>) or cannot be read (<c>FileUnreadable</c>).</exception>
    public FileInMemory(SelectedFile selected)
    {
        using var file = new LiveFile(selected.FullPath);
        if (file.Length != selected.Length)
        {
            throw LiveFile.Changed(selected.FullPath);
        }

        (_length, _lastModified, _mode) = (checked((int)file.Length), file.LastModified, file.Mode);
        _buffer = ArrayPool<byte>.Shared.Rent(_length);
        try
        {
            file.ReadExactly(_buffer.AsSpan(0, _length));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Its content, to be read before it is disposed.</summary>
    public FileContent Open(ByteCounter? counter) => new Content(this, counter);

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private sealed class Content(FileInMemory file, ByteCounter? counter) : FileContent
    {
        private int _position;

        public override long Length => file._length;

        public override DateTime LastModified => file._lastModified;

        public override UnixFileMode Mode => file._mode;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, file._length - _position);
            file._buffer.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            counter?.Add(count);
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));
    }
}
