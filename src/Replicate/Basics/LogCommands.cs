using System.Buffers;
using System.Globalization;
using System.Text;

namespace Replicate;

/// <summary>
/// The commands that the agent of a CI job reads from the log of a step: <c>##vso[…]</c> and <c>##[…]</c> anywhere in a
/// line, <c>::name::</c> at its beginning. In what a repository or a program said they are no commands.
/// </summary>
internal static class LogCommands
{
    // An agent that compares by culture doesn't see them between the characters of a command.
    private static readonly SearchValues<char> Ignorable = SearchValues.Create(
        "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u206a\u206b\u206c\u206d\u206e\u206f\u3164"
        + "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f\uffa0\u0000");

    /// <summary>Whether an agent reads what this process prints.</summary>
    public static bool AreRead => CiJob.Current is not null;

    /// <summary>The text with a character of each command written as <c>\u0023</c> or <c>\u003a</c>, as JSON reads it back.</summary>
    /// <param name="text">Any text.</param>
    public static string Defuse(string text)
    {
        StringBuilder? result = null;
        var copied = 0;
        var marks = text.AsSpan().ContainsAny(Ignorable);
        for (var at = 0; at < text.Length; at++)
        {
            if ((text[at] is '#' or ':' && at + 1 < text.Length && text[at + 1] == text[at] && IsCommand(text, at)) || (marks && Ignorable.Contains(text[at])))
            {
                (result ??= new StringBuilder(text.Length + 16)).Append(text, copied, at - copied)
                    .Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}");
                copied = at + 1;
            }
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private static bool IsCommand(string text, int at)
    {
        var next = at + 2 < text.Length ? text[at + 2] : '\0';
        if (text[at] == '#')
        {
            return next is '[' or 'v' or 'V' or '#' || Ignorable.Contains(next);
        }

        // A line is broken anywhere, so that any place may be the beginning of one.
        return char.IsAsciiLetter(next) || Ignorable.Contains(next);
    }
}
