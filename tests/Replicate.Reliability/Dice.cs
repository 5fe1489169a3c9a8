namespace Replicate.Reliability;

/// <summary>Random numbers that are the same for the same seed in every release of .NET (SplitMix64).</summary>
public sealed class Dice(ulong seed)
{
    private static readonly long[] Interesting =
    [
        0, 1, -1, 7, 8, 127, 128, 255, 256, 511, 512, 513, 1000, 4095, 4096, 32767, 32768, 65535, 65536, int.MaxValue - 1, int.MaxValue,
        int.MinValue, uint.MaxValue, 1L << 32, 1L << 53, long.MaxValue - 1, long.MaxValue, long.MinValue, 999_999_999_999,
    ];

    private ulong _state = seed;

    /// <summary>The dice of one thing of many: each has its own, whatever was thrown for the others.</summary>
    public static Dice Of(long seed, string name, long number)
    {
        var dice = new Dice((ulong)seed);
        foreach (var c in name)
        {
            dice._state = (dice._state ^ c) * 0x100000001b3;
        }

        dice._state ^= (ulong)number * 0x9e3779b97f4a7c15;
        dice.Next();
        return dice;
    }

    /// <summary>Any 64 bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below the limit, which is at least 1.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A number at which programs go wrong.</summary>
    public long InterestingNumber() => Pick(Interesting) + (OneIn(4) ? Below(5) - 2 : 0);

    /// <summary>Random bytes.</summary>
    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)Next();
        }

        return bytes;
    }
}
