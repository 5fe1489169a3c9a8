using System.Text;
using System.Text.RegularExpressions;

namespace Replicate.Help;

/// <summary>
/// An about topic as Get-Help shows it: plain text with headings at the margin and what belongs to them indented, made of a
/// page with the headings that PowerShell's own topics have.
/// </summary>
internal static partial class AboutText
{
    private const string Indent = "    ";

    /// <summary>The text of a page.</summary>
    /// <param name="lines">The page's lines.</param>
    public static string Write(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        var code = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                code = !code;
                continue;
            }

            var shown = line.Length == 0 ? ""
                : code ? Indent + Indent + line
                : line.StartsWith("# ", StringComparison.Ordinal) ? "TOPIC\n" + Indent + line[2..]
                : line.StartsWith("### ", StringComparison.Ordinal) ? "  " + line[4..]
                : line.StartsWith("## ", StringComparison.Ordinal) ? line[3..].ToUpperInvariant()
                : Indent + Emphasis().Replace(Link().Replace(line, "$1"), "$1").Replace("`", "", StringComparison.Ordinal);
            // A heading is followed by its text at once, as Get-Help looks for the short description.
            if (shown.Length > 0 || !EndsWithHeading(text))
            {
                text.Append(shown).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool EndsWithHeading(StringBuilder text)
    {
        var last = text.ToString().TrimEnd('\n').Split('\n')[^1];
        return last.Length > 0 && !last.StartsWith(Indent, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<!\S)\*(\w[^*]*)\*")]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();
}
