using System.Text;

namespace Replicate.Runs.Programs;

/// <summary>Keeps the end of a stream, in bounded memory.</summary>
internal sealed class ByteTail
{
    private const int Capacity = 1 << 16;

    private readonly object _lock = new();
    private readonly byte[] _bytes = new byte[Capacity];
    private long _length;

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var last = bytes[Math.Max(0, bytes.Length - Capacity)..];
            var start = (int)((_length + bytes.Length - last.Length) % Capacity);
            var first = Math.Min(last.Length, Capacity - start);
            last[..first].CopyTo(_bytes.AsSpan(start));
            last[first..].CopyTo(_bytes);
            _length += bytes.Length;
        }
    }

    /// <summary>The last lines, as many as were kept; of one that was drawn again and again, such as a progress bar, what it last showed.</summary>
    internal string LastLines(int count)
    {
        lock (_lock)
        {
            var split = (int)(_length % Capacity);
            var bytes = _length <= Capacity ? _bytes[..(int)_length] : [.. _bytes.AsSpan(split), .. _bytes.AsSpan(0, split)];
            var lines = Encoding.UTF8.GetString(bytes).TrimEnd().Split('\n');
            return string.Join('\n', lines.TakeLast(count).Select(LastDrawn));
        }
    }

    private static string LastDrawn(string line)
    {
        var whole = line.TrimEnd('\r');
        return whole[(whole.LastIndexOf('\r') + 1)..];
    }
}
