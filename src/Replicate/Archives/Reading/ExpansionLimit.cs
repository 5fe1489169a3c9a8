namespace Replicate.Archives.Reading;

/// <summary>How much may come out of a tarball: a few bytes can be made to expand to more than any disk holds.</summary>
/// <param name="Bytes">How long the tar file in it may be.</param>
internal readonly record struct ExpansionLimit(long Bytes)
{
    private const long Ratio = 1000;
    private const long Always = 1L << 30;
    private const long BytesPerEntry = 1024;

    /// <summary>How many entries it may have: they are all held in memory.</summary>
    public long Entries => Bytes / BytesPerEntry;

    /// <summary>The limit of a tarball.</summary>
    /// <param name="length">How long it is.</param>
    /// <param name="maxSize">How much its user allows at least; null for the usual.</param>
    public static ExpansionLimit Of(long length, long? maxSize) =>
        new(Math.Max(maxSize ?? 0, Math.Max(Always, length > long.MaxValue / Ratio ? long.MaxValue : length * Ratio)));
}
