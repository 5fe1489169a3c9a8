namespace Replicate.Storage.Disk;

/// <summary>A file that lines are added to. Only one writer may do so at a time.</summary>
internal static class JournalFile
{
    private const byte Newline = (byte)'\n';
    private const int BufferLength = 1 << 16;

    /// <summary>Adds lines where the file ends as it has to; see <see cref="IJournalStore.TryAppendAsync"/>.</summary>
    public static JournalPosition? TryAppend(string path, ReadOnlyMemory<byte> lines, JournalPosition? after, UnixFileMode mode)
    {
        // Who expects lines there must not make an empty file of what was compacted meanwhile.
        if (after is { Length: > 0 } && !File.Exists(path))
        {
            return null;
        }

        using var stream = new FileStream(
            path, CreationMode.Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, mode));
        var file = stream.SafeFileHandle;
        var length = WholeLines(file);
        if (after is { } end && (end.Length != length || !EndsWith(file, length, end.LastLine.Span)))
        {
            return null;
        }

        RandomAccess.Write(file, lines.Span, length);

        // A copy: the memory of all lines need not be kept, and may be used again.
        return new JournalPosition(length + lines.Length, LastLine(lines).ToArray());
    }

    /// <summary>The last of several lines, with its newline.</summary>
    public static ReadOnlyMemory<byte> LastLine(ReadOnlyMemory<byte> lines) =>
        lines.IsEmpty ? lines : lines[(lines.Span[..^1].LastIndexOf(Newline) + 1)..];

    /// <summary>How long the file is up to its last newline; what a writer that was killed left behind it is cut off.</summary>
    private static long WholeLines(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> last = stackalloc byte[1];
        if (length == 0 || (RandomAccess.Read(file, last, length - 1) == 1 && last[0] == Newline))
        {
            return length;
        }

        var buffer = new byte[BufferLength];
        var end = length;
        while (end > 0)
        {
            var start = Math.Max(0, end - buffer.Length);
            var newline = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, (int)(end - start)), start)).LastIndexOf(Newline);
            end = newline < 0 ? start : start + newline + 1;
            if (newline >= 0)
            {
                break;
            }
        }

        RandomAccess.SetLength(file, end);
        return end;
    }

    private static bool EndsWith(Microsoft.Win32.SafeHandles.SafeFileHandle file, long length, ReadOnlySpan<byte> line)
    {
        var found = line.Length > 0 ? new byte[line.Length] : [];
        return RandomAccess.Read(file, found, length - line.Length) == line.Length && line.SequenceEqual(found);
    }
}
