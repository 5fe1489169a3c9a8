using Replicate.Archives.Reading;

namespace Replicate.Archives.Indexing;

/// <summary>Where in a tarball what lies.</summary>
/// <param name="ChunkLength">How much of the tar file a gzip member holds; the last may hold less.</param>
/// <param name="TarLength">How long the tar file is.</param>
/// <param name="MemberLengths">How long the members are, in their order, from the start of the tarball.</param>
/// <param name="Entries">The files and links in the order of the tar file.</param>
internal sealed record ArchiveIndex(
    int ChunkLength, long TarLength, IReadOnlyList<int> MemberLengths, IReadOnlyList<ArchiveEntry> Entries)
{
    /// <summary>How many members a tar file is cut into.</summary>
    public static long MemberCount(long tarLength, int chunkLength) => (tarLength + chunkLength - 1) / chunkLength;

    /// <summary>How much of the tar file a member holds.</summary>
    public int LengthOf(int member) => (int)Math.Min(ChunkLength, TarLength - ((long)member * ChunkLength));

    /// <summary>The files that a member has part of, headers included, for a message.</summary>
    public string NamesIn(int member)
    {
        var (start, end) = ((long)member * ChunkLength, (member + 1L) * ChunkLength);
        var names = Entries.Where(entry => entry.End > start && entry.Start < end)
            .Select(entry => $"'{entry.File.Path}'").ToList();
        return names.Count switch
        {
            0 => "its end",
            <= 3 => string.Join(", ", names),
            _ => $"{names[0]} and {names.Count - 1} files after it",
        };
    }
}
