using System.Buffers;
using System.Globalization;
using System.Text;

namespace Replicate;

/// <summary>
/// Text in which nothing is hidden that could change a terminal's state or a table's layout, and in CI nothing
/// that its agent would take for a command.
/// </summary>
internal static class VisibleText
{
    // Controls of ASCII and Latin-1, line and paragraph separators, marks and overrides of the writing direction.
    private static readonly SearchValues<char> Hidden = SearchValues.Create(string.Concat(
        Range('\u0000', '\u001f'), Range('\u007f', '\u009f'), "\u061c", Range('\u200e', '\u200f'),
        Range('\u2028', '\u202e'), Range('\u2066', '\u2069'), "\ufeff"));

    internal static string Of(string text) => IsPlain(text) ? text : Of(text, LogCommands.AreRead);

    /// <summary>The text as it is shown.</summary>
    /// <param name="text">The text.</param>
    /// <param name="inCi">Whether a CI agent reads what is shown, and obeys the commands in it.</param>
    internal static string Of(string text, bool inCi)
    {
        var visible = text.AsSpan().ContainsAny(Hidden) ? Escape(text) : text;
        return inCi ? LogCommands.Defuse(visible) : visible;
    }

    // What nearly all texts are: a command is at its end before the runtime has compiled the search for what is hidden.
    private static bool IsPlain(string text)
    {
        var before = ' ';
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' || (c == before && c is '#' or ':'))
            {
                return false;
            }

            before = c;
        }

        return true;
    }

    private static string Escape(string text)
    {
        var visible = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => visible.Append(@"\n"),
                '\r' => visible.Append(@"\r"),
                '\t' => visible.Append(@"\t"),
                _ when Hidden.Contains(c) => visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => visible.Append(c),
            };
        }

        return visible.ToString();
    }

    private static string Range(char first, char last) =>
        string.Create(last - first + 1, first, static (span, start) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = (char)(start + i);
            }
        });
}
