using System.Text.RegularExpressions;

namespace Replicate.Help;

/// <summary>
/// Reads a help page: <c># Name</c>, a paragraph, then the sections Description, Examples (a <c>###</c> title, code, prose
/// each), Parameters (<c>### -Name</c>), Inputs and Outputs (<c>### Type</c>), Notes and Links. Nothing else is allowed.
/// </summary>
internal static partial class HelpPageReader
{
    private static readonly string[] Required = ["Description", "Examples", "Parameters", "Inputs", "Outputs", "Links"];

    /// <summary>Reads a page.</summary>
    /// <exception cref="HelpPageException">The page is not of the form.</exception>
    public static HelpPage Read(string path)
    {
        var title = Split(path, File.ReadAllLines(path), firstLine: 1, "# ") is [{ Title: not "" } only]
            ? only
            : throw new HelpPageException(path, 1, "A page begins with '# ' and the cmdlet's name, and has one such title.");
        var sections = Split(path, title.Lines, title.Line + 1, "## ");
        var byName = sections.Skip(1).ToDictionary(section => section.Title, StringComparer.Ordinal);
        if (byName.Values.FirstOrDefault(section => section.Title != "Notes" && !Required.Contains(section.Title)) is { } unknown)
        {
            throw new HelpPageException(path, unknown.Line, $"A page has no section '{unknown.Title}'.");
        }

        foreach (var missing in Required.Where(name => !byName.ContainsKey(name)))
        {
            throw new HelpPageException(path, title.Line, $"The section '## {missing}' is missing.");
        }

        return new(
            path,
            title.Title,
            Paragraphs(sections[0].Lines) is [var synopsis]
                ? synopsis
                : throw new HelpPageException(path, title.Line, "The title is followed by a synopsis of one paragraph."),
            Paragraphs(byName["Description"].Lines),
            Parts(byName["Examples"]).Select(part => ReadExample(path, part)).ToList(),
            Texts("Parameters"),
            Texts("Inputs"),
            Texts("Outputs"),
            byName.TryGetValue("Notes", out var notes) ? Paragraphs(notes.Lines) : [],
            [.. byName["Links"].Lines.Index().Where(line => line.Item.Length > 0)
                .Select(line => ReadLink(path, byName["Links"].Line + 1 + line.Index, line.Item))]);

        Dictionary<string, IReadOnlyList<string>> Texts(string section) =>
            Parts(byName[section]).ToDictionary(part => part.Title.TrimStart('-'), IReadOnlyList<string> (part) => Paragraphs(part.Lines));

        List<Section> Parts(Section section)
        {
            var parts = Split(path, section.Lines, section.Line + 1, "### ");
            return Paragraphs(parts[0].Lines).Count == 0
                ? parts[1..]
                : throw new HelpPageException(path, section.Line, $"The section '{section.Title}' consists of parts that begin with '### '.");
        }
    }

    private static HelpExample ReadExample(string path, Section part)
    {
        var lines = part.Lines.SkipWhile(line => line.Length == 0).ToList();
        var end = lines.IndexOf("```", 0);
        return lines is ["```powershell", ..] && end > 1
            ? new(part.Title, string.Join('\n', lines[1..end]), Paragraphs(lines[(end + 1)..]))
            : throw new HelpPageException(path, part.Line, $"The example '{part.Title}' begins with a block of ```powershell.");
    }

    private static HelpLink ReadLink(string path, int line, string text) =>
        Link().Match(text) is { Success: true } match
            ? new(match.Groups["text"].Value, match.Groups["target"].Value)
            : throw new HelpPageException(path, line, "A line of the links is '- [text](target)'.");

    /// <summary>Cuts lines at headings of one level; what stands before the first is a section without a title.</summary>
    private static List<Section> Split(string path, IReadOnlyList<string> lines, int firstLine, string heading)
    {
        var sections = new List<Section> { new("", firstLine, []) };
        var inCode = false;
        for (var i = 0; i < lines.Count; i++)
        {
            inCode ^= lines[i].StartsWith("```", StringComparison.Ordinal);
            if (inCode || !lines[i].StartsWith(heading, StringComparison.Ordinal))
            {
                sections[^1].Lines.Add(lines[i].TrimEnd());
                continue;
            }

            var title = lines[i][heading.Length..].Trim().Trim('`');
            if (sections.Any(section => section.Title == title))
            {
                throw new HelpPageException(path, firstLine + i, $"'{lines[i]}' is there twice.");
            }

            sections.Add(new(title, firstLine + i, []));
        }

        if (heading == "# " && sections[0].Lines.TrueForAll(line => line.Length == 0))
        {
            sections.RemoveAt(0);
        }

        return sections;
    }

    /// <summary>Joins lines to paragraphs, an item of a list being one, in plain text.</summary>
    private static List<string> Paragraphs(IEnumerable<string> lines)
    {
        var paragraphs = new List<string>();
        var isOpen = false;
        foreach (var line in lines)
        {
            var isItem = line.StartsWith("- ", StringComparison.Ordinal);
            if (line.Length == 0)
            {
                isOpen = false;
            }
            else if (isOpen && !isItem)
            {
                paragraphs[^1] += " " + line.Trim();
            }
            else
            {
                paragraphs.Add(line.Trim());
                isOpen = true;
            }
        }

        return paragraphs.ConvertAll(paragraph => InlineLink().Replace(paragraph, "${text}").Replace("`", "", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^- \[(?<text>[^\]]+)\]\((?<target>[^)]+)\)$")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)")]
    private static partial Regex InlineLink();

    private sealed record Section(string Title, int Line, List<string> Lines);
}
