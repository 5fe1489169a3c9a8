using Spectre.Console;

namespace Replicate.Cli.Views;

/// <summary>Text as a terminal lays it out: in cells, of which a wide character takes two.</summary>
internal static class TextCells
{
    /// <summary>How many cells a text takes.</summary>
    public static int Count(string text) => IsAscii(text) ? text.Length : text.GetCellWidth();

    /// <summary>Breaks a text into pieces of a width at most, after a space where there is one.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        while (Count(text) > width)
        {
            var end = EndOfFirst(text, width);
            if (end == text.Length)
            {
                break;
            }

            var space = text.LastIndexOf(' ', end - 1);
            end = space > 0 ? space + 1 : end;
            yield return text[..end].TrimEnd();
            text = text[end..].TrimStart();
        }

        yield return text;
    }

    // Where the first piece ends: after at least one character, before the one that would be too much.
    private static int EndOfFirst(string text, int width)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width -= Count(rune.ToString());
            if (width < 0 && end > 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return end;
    }

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
}
