using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Runs;

/// <summary>Metrics from TensorBoard event files: one, or all below a directory, those of earlier runs passed over.</summary>
internal sealed class TensorBoardSource : IFileSource
{
    private const string Pattern = "*.tfevents.*";

    private readonly string _path;
    private readonly TakeReading _take;
    private readonly Action<string> _refuse;
    private readonly Dictionary<string, EventFile> _files = [];

    /// <param name="path">Absolute; it need not exist.</param>
    /// <param name="take">Takes what events say.</param>
    /// <param name="refuse">Takes the name of a file that is damaged.</param>
    internal TensorBoardSource(string path, TakeReading take, Action<string> refuse)
    {
        (_path, _take, _refuse) = (path, take, refuse);
        foreach (var file in Find())
        {
            _files[file] = new EventFile(file, new FileInfo(file).Length);
        }
    }

    /// <inheritdoc/>
    public bool HasAppeared => _files.Count > 0;

    /// <inheritdoc/>
    public void Poll(bool isLast)
    {
        foreach (var path in Find())
        {
            if (!_files.TryGetValue(path, out var file))
            {
                _files[path] = file = new EventFile(path, offset: 0);
            }

            try
            {
                file.ReadOn(_take);
            }
            catch (FormatException e)
            {
                file.IsDamaged = true;
                _refuse($"{Path.GetFileName(path)}: {e.Message}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private string[] Find()
    {
        try
        {
            return File.Exists(_path) ? [_path]
                : Directory.Exists(_path) ? [.. Directory.EnumerateFiles(_path, Pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A file of records: length, its checksum, data, its checksum. A record that isn't all there yet waits.</summary>
    private sealed class EventFile(string path, long offset) : IDisposable
    {
        private const int HeaderLength = 12;
        private const int MaxLength = 1 << 24;

        private readonly MetricReading _reading = new();
        private readonly byte[] _header = new byte[HeaderLength];
        private SafeFileHandle? _file;
        private long _offset = offset;

        internal bool IsDamaged { get; set; }

        internal void ReadOn(TakeReading take)
        {
            _file ??= IsDamaged ? null : FileStamp.TryOpen(path);
            while (_file is not null && !IsDamaged && RandomAccess.Read(_file, _header, _offset) == HeaderLength)
            {
                var length = BinaryPrimitives.ReadInt64LittleEndian(_header);
                Check(_header.AsSpan(0, 8), _header.AsSpan(8));
                if (_offset + HeaderLength + length + sizeof(uint) > RandomAccess.GetLength(_file))
                {
                    return;
                }

                // Scalars are small: what is large is a picture or a graph.
                if (length <= MaxLength)
                {
                    var data = new byte[length + sizeof(uint)];
                    if (RandomAccess.Read(_file, data, _offset + HeaderLength) < data.Length)
                    {
                        return;
                    }

                    Check(data.AsSpan(..^sizeof(uint)), data.AsSpan(^sizeof(uint)..));
                    _reading.Clear();
                    TensorBoardEvent.Read(data.AsSpan(..^sizeof(uint)), _reading);
                    if (!_reading.IsEmpty)
                    {
                        take(_reading);
                    }
                }

                _offset += HeaderLength + length + sizeof(uint);
            }
        }

        public void Dispose() => _file?.Dispose();

        private void Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> checksum)
        {
            if (RecordChecksum.Of(data) != BinaryPrimitives.ReadUInt32LittleEndian(checksum))
            {
                throw new FormatException($"the record at byte {_offset} has a wrong checksum");
            }
        }
    }
}
