namespace Replicate;

/// <summary>The order of names in a file: by their bytes in UTF-8, which is the order of their code points.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    internal static readonly Utf8Order Instance = new();

    public int Compare(string? x, string? y)
    {
        var common = x.AsSpan().CommonPrefixLength(y);
        return common == x!.Length || common == y!.Length
            ? x.Length.CompareTo(y!.Length)
            : Rank(x[common]).CompareTo(Rank(y[common]));
    }

    // UTF-16 has surrogates, which stand for what comes last, before U+E000 to U+FFFF.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x2000 : unit >= 0xE000 ? unit - 0x800 : unit;
}
