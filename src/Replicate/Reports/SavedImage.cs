namespace Replicate.Reports;

/// <summary>A picture among saved files that a browser can show; an SVG is a text beside that.</summary>
/// <param name="Format"><c>png</c>, <c>jpeg</c>, <c>webp</c> or <c>gif</c>.</param>
/// <param name="Bytes">Its file.</param>
internal sealed record SavedImage(string Format, byte[] Bytes)
{
    /// <summary>The most bytes of a picture that is shown.</summary>
    internal const int MaxLength = 1 << 20;

    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"];

    /// <summary>Whether a file is called as a picture is, and small enough to be shown.</summary>
    public static bool MayBe(SavedFile file) =>
        file is { Kind: SavedFileKind.File, Length: > 0 and <= MaxLength }
        && Extensions.Contains(Path.GetExtension(file.Path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The picture that a content is by its first bytes, whatever its file is called; null for none.</summary>
    public static SavedImage? Of(ReadOnlySpan<byte> content)
    {
        var format = content.Length > MaxLength ? null
            : content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? "png"
            : content.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? "jpeg"
            : content.StartsWith("GIF8"u8) ? "gif"
            : content.Length > 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8) ? "webp"
            : null;
        return format is null ? null : new SavedImage(format, content.ToArray());
    }
}
