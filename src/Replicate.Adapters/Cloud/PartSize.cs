namespace Replicate.Adapters.Cloud;

/// <summary>How an object is cut into parts: no part below 5 MiB but the last, 10,000 at most, 5 TiB together.</summary>
internal static class PartSize
{
    /// <summary>Up to this size an object is put with one request; it is also the size of the smallest parts.</summary>
    public const int Smallest = 8 << 20;

    /// <summary>How many parts an object may have.</summary>
    public const int MaxParts = 10_000;

    private const long Step = 1 << 20;
    private const int PartsOfOneSize = 1000;
    private const int LargestInMemory = 1792 << 20;

    /// <summary>The size of the parts of an object of known length.</summary>
    public static long For(long length) =>
        Math.Max(Smallest, ((length / MaxParts) + Step) / Step * Step);

    /// <summary>
    /// The size of a part, counted from 0, of an object whose length is not known: it doubles every thousand parts, so
    /// that buffers grow only with objects of many gigabytes.
    /// </summary>
    public static int OfPart(int index) =>
        (int)Math.Min((long)Smallest << (index / PartsOfOneSize), LargestInMemory);
}
