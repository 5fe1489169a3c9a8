using System.Globalization;
using System.Text;

namespace Replicate;

/// <summary>How much room text takes where all letters are equally wide.</summary>
internal static class TextCells
{
    // First and last of the ranges whose letters take two cells.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115f), (0x2e80, 0xa4cf), (0xac00, 0xd7a3), (0xf900, 0xfaff), (0xfe30, 0xfe6f), (0xff00, 0xff60), (0xffe0, 0xffe6),
        (0x1f300, 0x1faff), (0x20000, 0x3fffd),
    ];

    /// <summary>The cells that a text takes.</summary>
    internal static int Count(string text) => IsAscii(text) ? text.Length : text.EnumerateRunes().Sum(Count);

    /// <summary>A text that takes no more than so many cells; where it is cut it ends with <c>…</c>.</summary>
    internal static string Cut(string text, int cells)
    {
        if (Count(text) <= cells)
        {
            return text;
        }

        var (cut, taken) = (new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            taken += Count(rune);
            if (taken > cells - 1)
            {
                break;
            }

            cut.Append(rune.ToString());
        }

        return cells < 1 ? "" : cut.Append('…').ToString();
    }

    /// <summary>A text with blanks after it, so that it takes so many cells.</summary>
    internal static string PadEnd(string text, int cells) => text + new string(' ', Math.Max(0, cells - Count(text)));

    /// <summary>A text with blanks before it, so that it takes so many cells.</summary>
    internal static string PadStart(string text, int cells) => new string(' ', Math.Max(0, cells - Count(text))) + text;

    // A plain loop: for the few characters of a cell the runtime would compile its vectors first.
    private static bool IsAscii(string text)
    {
        foreach (var character in text)
        {
            if (character is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    private static int Count(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0
        : Array.Exists(Wide, range => rune.Value >= range.First && rune.Value <= range.Last) ? 2
        : 1;
}
