using System.IO.Compression;

namespace Replicate.Archives.Writing;

/// <summary>How a tarball is written.</summary>
internal sealed record ArchiveOptions
{
    /// <summary>
    /// How hard to compress what can be compressed; what cannot is stored whatever this says. Optimal, the default, gives the
    /// size of <c>gzip -6</c> within two in a hundred.
    /// </summary>
    public CompressionLevel Level { get; init; } = CompressionLevel.Optimal;
}

/// <summary>What was written.</summary>
/// <param name="Length">The size of the tarball in bytes.</param>
/// <param name="Sha256">The SHA-256 of the tarball, in lower-case hex digits.</param>
internal sealed record ArchiveSummary(long Length, string Sha256);
