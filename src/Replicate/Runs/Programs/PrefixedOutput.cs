using System.Text;
using Replicate.Storage;

namespace Replicate.Runs.Programs;

/// <summary>The output of one of several programs at once, in whole lines that begin with whose they are.</summary>
/// <param name="target">Where the lines go; who writes them in turn is agreed by it.</param>
/// <param name="prefix">What each line begins with.</param>
internal sealed class PrefixedOutput(Stream target, string prefix) : WriteOnlyStream
{
    // Who writes more without an end of line gets one.
    private const int MaxLine = 1 << 16;

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);
    private readonly MemoryStream _open = new();

    /// <summary>Writes the lines that are whole, and keeps the rest.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var end = buffer.IndexOf((byte)'\n') + 1;
            _open.Write(end > 0 ? buffer[..end] : buffer);
            buffer = end > 0 ? buffer[end..] : [];
            if (end > 0 || _open.Length > MaxLine)
            {
                WriteLine();
            }
        }
    }

    /// <summary>Writes what is left, as a line.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _open.Length > 0)
        {
            WriteLine();
        }

        base.Dispose(disposing);
    }

    private void WriteLine()
    {
        var line = _open.GetBuffer().AsSpan(0, (int)_open.Length);
        lock (target)
        {
            target.Write(_prefix);
            target.Write(line);
            if (line[^1] != '\n')
            {
                target.WriteByte((byte)'\n');
            }

            target.Flush();
        }

        _open.SetLength(0);
    }
}
