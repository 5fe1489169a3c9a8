namespace Replicate.Reliability.Kills;

/// <summary>A file of a size whose content follows from a number, so that what is found can be told to be whole.</summary>
public static class SizedFile
{
    private const int BufferLength = 1 << 20;

    /// <summary>The sizes that are recorded: mostly small ones, one in so many large.</summary>
    /// <param name="dice">Chooses.</param>
    /// <param name="largeOneIn">How rare a large one is.</param>
    public static long Choose(Dice dice, int largeOneIn) =>
        dice.OneIn(largeOneIn) ? 300_000_000 : dice.OneIn(3) ? 0 : 100_000;

    /// <summary>Writes one.</summary>
    public static async Task WriteAsync(string path, long number, long size)
    {
        var block = BlockOf(number, size);
        await using var file = File.Create(path);
        for (var left = size; left > 0; left -= block.Length)
        {
            await file.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
        }
    }

    /// <summary>Whether a file is the one of a number and a size.</summary>
    public static async Task<bool> IsAsync(string path, long number, long size)
    {
        var block = BlockOf(number, size);
        var buffer = new byte[BufferLength];
        await using var file = File.OpenRead(path);
        if (file.Length != size)
        {
            return false;
        }

        for (var left = size; left > 0; left -= block.Length)
        {
            var length = (int)Math.Min(left, block.Length);
            await file.ReadExactlyAsync(buffer.AsMemory(0, length));
            if (!buffer.AsSpan(0, length).SequenceEqual(block.AsSpan(0, length)))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] BlockOf(long number, long size) => Dice.Of(number, "block", 0).Bytes((int)Math.Min(size, BufferLength));
}
