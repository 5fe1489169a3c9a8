using Replicate.Comparisons;

namespace Replicate;

/// <summary>A file as one side of a comparison has it.</summary>
public sealed class ComparedFile
{
    /// <summary>A file of a side whose tarball isn't there: nobody knows whether the side has it.</summary>
    public static readonly ComparedFile Unknown = new() { IsKnown = false };

    /// <summary>Whether it is known what the side has; all else here says nothing where it isn't.</summary>
    public bool IsKnown { get; private init; } = true;

    /// <summary>Whether it is a file or a link.</summary>
    public SavedFileKind Kind { get; internal init; }

    /// <summary>Its size in bytes; 0 for a link.</summary>
    public long Length { get; internal init; }

    /// <summary>Its permissions.</summary>
    public UnixFileMode Mode { get; internal init; }

    /// <summary>Where a link points; null for a file.</summary>
    public string? LinkTarget { get; internal init; }

    /// <summary>The SHA-256 of its content, 64 lower-case hex digits; empty for a link.</summary>
    public string Sha256 { get; internal init; } = "";

    /// <summary>Its content, kept aside where it is a text of moderate size; null otherwise.</summary>
    internal KeptText? Text { get; set; }

    /// <summary>Whether its lines can differ from those of another: each is a file of moderate size, and the contents are not the same.</summary>
    internal bool MayDifferInLinesFrom(ComparedFile other) => IsOfModerateSize && other.IsOfModerateSize && !HasContentOf(other);

    /// <summary>The size as in <c>1.2 kB</c>, or where a link points.</summary>
    public override string ToString() =>
        !IsKnown ? "(not known)" : LinkTarget is { } target ? "-> " + Value.Escape(target) : Amounts.Bytes(Length);

    /// <summary>The permissions in octal, as in <c>755</c>.</summary>
    public string ModeText => Convert.ToString((int)Mode, 8).PadLeft(3, '0');

    private bool IsOfModerateSize => Kind == SavedFileKind.File && Length <= TextContent.MaxLength;

    internal bool HasContentOf(ComparedFile other) =>
        Kind == other.Kind && Length == other.Length && LinkTarget == other.LinkTarget && Sha256 == other.Sha256;
}
