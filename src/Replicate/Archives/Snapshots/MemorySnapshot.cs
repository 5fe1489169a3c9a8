using Replicate.Archives.Selecting;

namespace Replicate.Archives.Snapshots;

/// <summary>
/// Small files in memory as they are at one moment: that takes a part of the time of copies, and file systems write nothing for it.
/// </summary>
internal static class MemorySnapshot
{
    private const long MaxLength = 4 << 20;
    private const long MaxInMemory = 64 << 20;

    private static long _inMemory;

    /// <summary>Reads files; links stay where they are.</summary>
    /// <returns>The files, to be read from memory and given back; null where they are too large, or others fill the room.</returns>
    /// <exception cref="ReplicateException">A file vanished or changed (<c>FileChanged</c>), or cannot be read (<c>FileUnreadable</c>).</exception>
    internal static SelectedFile[]? TryTake(IReadOnlyList<SelectedFile> files)
    {
        var length = LengthOf(files);
        if (length > MaxLength)
        {
            return null;
        }

        var taken = files.ToArray();
        try
        {
            if (Interlocked.Add(ref _inMemory, length) > MaxInMemory)
            {
                Return(taken);
                return null;
            }

            foreach (ref var file in taken.AsSpan())
            {
                file = file.LinkTarget is null ? file with { InMemory = new FileInMemory(file) } : file;
            }

            return taken;
        }
        catch
        {
            Return(taken);
            throw;
        }
    }

    /// <summary>Gives their memory back.</summary>
    internal static void Return(IReadOnlyList<SelectedFile> files)
    {
        Interlocked.Add(ref _inMemory, -LengthOf(files));
        foreach (var file in files)
        {
            file.InMemory?.Dispose();
        }
    }

    private static long LengthOf(IReadOnlyList<SelectedFile> files) => files.Sum(file => file.Length);
}
