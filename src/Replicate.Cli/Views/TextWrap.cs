namespace Replicate.Cli.Views;

/// <summary>Text broken for a terminal.</summary>
internal static class TextWrap
{
    /// <summary>Breaks a text into pieces of a width at most, after a space where there is one.</summary>
    public static IEnumerable<string> Of(string text, int width)
    {
        while (TextCells.Count(text) > width)
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
            width -= TextCells.Count(rune.ToString());
            if (width < 0 && end > 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return end;
    }
}
