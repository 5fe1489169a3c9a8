using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage;

namespace Replicate.Runs.Metrics;

/// <summary>
/// A TensorBoard event file, read from where an earlier run left it. It is a sequence of records: length, its checksum,
/// data, its checksum. A record that isn't all there yet waits.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const int HeaderLength = 12;

    // The first record holds the time at which the file was begun.
    private const int BeginLength = 64;

    // Scalars are small: what is large is a picture or a graph.
    private const int MaxLength = 1 << 20;

    private readonly string _path;
    private readonly byte[] _header = new byte[HeaderLength];
    private readonly byte[] _begin = [];
    private byte[] _data = [];
    private SafeFileHandle? _file;
    private FileStamp _stamp;
    private long _offset;
    private bool _isDamaged;

    /// <param name="path">Absolute.</param>
    /// <param name="isEarlier">Whether what it holds now is of an earlier run.</param>
    internal EventFile(string path, bool isEarlier)
    {
        (_path, Directory) = (path, Path.GetDirectoryName(path)!);
        using var file = isEarlier ? FileStamp.TryOpen(path) : null;
        if (file is not null)
        {
            _stamp = FileStamp.Of(file);
            _offset = _stamp.Length;
            _begin = BeginOf(file);
        }
    }

    /// <summary>The directory it lies in.</summary>
    internal string Directory { get; }

    /// <summary>The scalars of the event that comes next; empty for none.</summary>
    internal MetricReading Reading { get; } = new();

    /// <summary>When that event was recorded, in seconds since 1970.</summary>
    internal double Time { get; private set; }

    /// <summary>How many events were read.</summary>
    internal long Events { get; private set; }

    /// <summary>Whether it holds more than was read: at its end, a record that was cut.</summary>
    internal bool HasRest => !_isDamaged && _file is not null && RandomAccess.GetLength(_file) > _offset;

    /// <summary>Looks whether the file was written to since the last look; one that was begun anew is read from its start.</summary>
    internal bool IsChanged()
    {
        if (_file is null)
        {
            // Those of earlier runs, which may be thousands, stay closed.
            if (new FileInfo(_path) is not { Exists: true } info || (info.Length == _offset && info.LastWriteTimeUtc == _stamp.Written))
            {
                return false;
            }

            _file = FileStamp.TryOpen(_path);
            if (_file is null)
            {
                return false;
            }

            _offset = BeginOf(_file).AsSpan().StartsWith(_begin) ? _offset : 0;
        }

        var stamp = FileStamp.Of(_file);
        if (stamp.Length < _offset)
        {
            (_offset, _isDamaged) = (0, false);
        }

        var isChanged = stamp != _stamp || _offset < stamp.Length;
        _stamp = stamp;
        return isChanged;
    }

    /// <summary>Reads on to the next event with scalars, where none waits.</summary>
    /// <exception cref="FormatException">The file is damaged; nothing more is read of it.</exception>
    internal void Fill()
    {
        while (Reading.IsEmpty && _file is not null && !_isDamaged && RandomAccess.Read(_file, _header, _offset) == HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(_header);
            Check(_header.AsSpan(0, 8), _header.AsSpan(8));
            Require(length >= 0);
            if (length > RandomAccess.GetLength(_file) - _offset - HeaderLength - sizeof(uint))
            {
                return;
            }

            if (length <= MaxLength && !ReadEvent((int)length))
            {
                return;
            }

            Events++;
            _offset += HeaderLength + length + sizeof(uint);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private static byte[] BeginOf(SafeFileHandle file)
    {
        var begin = new byte[BeginLength];
        return begin[..RandomAccess.Read(file, begin, 0)];
    }

    private bool ReadEvent(int length)
    {
        var whole = length + sizeof(uint);
        if (_data.Length < whole)
        {
            _data = new byte[Math.Max(whole, 2 * _data.Length)];
        }

        var data = _data.AsSpan(0, whole);
        if (RandomAccess.Read(_file!, data, _offset + HeaderLength) < whole)
        {
            return false;
        }

        Check(data[..length], data[length..]);
        try
        {
            Time = TensorBoardEvent.Read(data[..length], Reading);
            return true;
        }
        catch (FormatException)
        {
            Reading.Clear();
            Require(false);
            throw;
        }
    }

    private void Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> checksum) =>
        Require(RecordChecksum.Of(data) == BinaryPrimitives.ReadUInt32LittleEndian(checksum));

    private void Require(bool isGood)
    {
        if (!isGood)
        {
            _isDamaged = true;
            throw new FormatException($"is damaged at byte {_offset} of {RandomAccess.GetLength(_file!)}; what was recorded behind that is lost");
        }
    }
}
