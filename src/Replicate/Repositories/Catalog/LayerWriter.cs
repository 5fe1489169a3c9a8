using Replicate.Repositories.Cache;

namespace Replicate.Repositories.Catalog;

/// <summary>Collects entries and makes layers of them. Any thread may add; what is collected is compressed.</summary>
internal sealed class LayerWriter
{
    // One request puts it, and two read it.
    private const int LongestLayer = 8 << 20;

    private readonly Lock _lock = new();
    private readonly List<(byte[] Bytes, int Count)> _blocks = [];
    private PackedBuffer _open = new();
    private int _openCount;

    /// <summary>How many entries there are.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds an entry; a file that is too long for one is passed over.</summary>
    internal void Add(string id, string version, ReadOnlySpan<byte> content)
    {
        if (content.Length > LayerFormat.LongestEntry)
        {
            return;
        }

        PackedBuffer? full = null;
        var count = 0;
        lock (_lock)
        {
            LayerFormat.Put(_open, id, version, content);
            (Count, _openCount) = (Count + 1, _openCount + 1);
            if (_open.Length >= LayerFormat.FullBlock)
            {
                (full, count, _open, _openCount) = (_open, _openCount, new(), 0);
            }
        }

        if (full is not null)
        {
            Close(full, count);
        }
    }

    /// <summary>Takes over what another collected; nobody adds to that meanwhile.</summary>
    internal void Add(LayerWriter other)
    {
        other.CloseOpen();
        _blocks.AddRange(other._blocks);
        Count += other.Count;
    }

    /// <summary>Takes what was collected, as layers that one request puts; nobody adds meanwhile.</summary>
    internal IEnumerable<(byte[] Bytes, int Count)> Take()
    {
        CloseOpen();
        var (blocks, length, count) = (new List<byte[]>(), LayerFormat.Overhead, 0);
        foreach (var block in _blocks)
        {
            if (length + block.Bytes.Length > LongestLayer && blocks.Count > 0)
            {
                yield return (LayerFormat.WriteLayer(blocks), count);
                (blocks, length, count) = ([], LayerFormat.Overhead, 0);
            }

            blocks.Add(block.Bytes);
            (length, count) = (length + block.Bytes.Length, count + block.Count);
        }

        if (blocks.Count > 0)
        {
            yield return (LayerFormat.WriteLayer(blocks), count);
        }
    }

    private void CloseOpen()
    {
        if (_openCount > 0)
        {
            Close(_open, _openCount);
            (_open, _openCount) = (new(), 0);
        }
    }

    private void Close(PackedBuffer full, int count)
    {
        var block = LayerFormat.WriteBlock(full.Written);
        lock (_lock)
        {
            _blocks.Add((block, count));
        }
    }
}
