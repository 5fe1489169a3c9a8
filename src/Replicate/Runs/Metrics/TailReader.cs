using Microsoft.Win32.SafeHandles;
using Replicate.Storage;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Reads a growing file by its name. A file that was renamed is read to its end before the one in its place; one that
/// was cut or written anew is read from its start.
/// </summary>
internal sealed class TailReader : IDisposable
{
    private const int PrintLength = 64;

    private readonly string _path;
    private readonly TakeBytes _take;
    private readonly Action<bool> _restart;
    private readonly byte[] _buffer = new byte[1 << 16];
    private byte[] _print = [];
    private SafeFileHandle? _file;
    private FileStamp _stamp;
    private long _offset;

    /// <param name="path">Absolute; the file need not exist.</param>
    /// <param name="take">Takes what was read, in order.</param>
    /// <param name="restart">
    /// Told that what comes next is the start of a file, after all that came before, and whether of another one.
    /// </param>
    internal TailReader(string path, TakeBytes take, Action<bool> restart) => (_path, _take, _restart) = (path, take, restart);

    /// <summary>Takes bytes of the file.</summary>
    internal delegate void TakeBytes(ReadOnlySpan<byte> bytes);

    /// <summary>Whether a file was there at the last look.</summary>
    internal bool IsOpen => _file is not null;

    /// <summary>Passes over what the file holds now: it is of an earlier run.</summary>
    /// <param name="headLength">How much of its beginning is of interest, in bytes.</param>
    /// <returns>Its beginning; empty where there is no file, or nothing in it.</returns>
    internal byte[] SkipPresent(int headLength)
    {
        _file = FileStamp.TryOpen(_path);
        if (_file is null)
        {
            return [];
        }

        _stamp = FileStamp.Of(_file);
        _offset = _stamp.Length;
        _print = ReadPrint();
        var head = new byte[Math.Min(headLength, _offset)];
        return head[..RandomAccess.Read(_file, head, 0)];
    }

    /// <summary>Reads what is new.</summary>
    internal void Poll()
    {
        var next = FileStamp.TryOpen(_path);
        try
        {
            if (_file is not null)
            {
                // Whoever put another file in place no longer writes to this one.
                ReadOn();
            }

            if (next is null || (_file is not null && FileStamp.Of(next).IsSameFile(_stamp)))
            {
                return;
            }

            if (_file is not null)
            {
                _restart(true);
            }

            Dispose();
            (_file, next) = (next, null);
            (_stamp, _offset, _print) = (FileStamp.Of(_file), 0, []);
            ReadOn();
        }
        finally
        {
            next?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void ReadOn()
    {
        var stamp = FileStamp.Of(_file!);
        if (stamp.Length < _offset
            || (stamp.Length == _offset && stamp.Written != _stamp.Written)
            || (stamp != _stamp && !ReadPrint().AsSpan().SequenceEqual(_print)))
        {
            _restart(false);
            _offset = 0;
        }

        _stamp = stamp;
        var start = _offset;
        while (RandomAccess.Read(_file!, _buffer, _offset) is > 0 and var read)
        {
            _take(_buffer.AsSpan(0, read));
            _offset += read;
        }

        if (_offset != start)
        {
            _print = ReadPrint();
        }

        if (_offset > stamp.Length)
        {
            // It grew between the look at it and the reading, which is not to look as if it were written anew the next time.
            _stamp = FileStamp.Of(_file!);
        }
    }

    /// <summary>The bytes before the place that was read to: a file that was written anew rarely has the same.</summary>
    private byte[] ReadPrint()
    {
        var print = new byte[Math.Min(PrintLength, _offset)];
        var read = RandomAccess.Read(_file!, print, _offset - print.Length);
        return print[..read];
    }
}
