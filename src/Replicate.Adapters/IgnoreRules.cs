using System.Text.RegularExpressions;
using MAB.DotIgnore;

namespace Replicate.Adapters;

/// <summary>
/// Ignore rules in the syntax of <c>.gitignore</c>. MAB.DotIgnore translates the patterns; what stands around a pattern
/// (negation, anchor, trailing slash and spaces) is read here, because the package reads it otherwise than git does.
/// </summary>
internal sealed class IgnoreRules(IEnumerable<string> lines) : IPathRules
{
    private readonly Rule[] _rules = [.. lines.Select(Rule.Parse).OfType<Rule>()];

    /// <remarks>The last rule that matches decides, from the top directory down: nothing below an excluded directory comes back.</remarks>
    public bool Excludes(string path, bool isDirectory)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (ExcludesItself(path[..slash], isDirectory: true))
            {
                return true;
            }
        }

        return ExcludesItself(path, isDirectory);
    }

    private bool ExcludesItself(string path, bool isDirectory) =>
        Array.FindLast(_rules, rule => rule.Matches(path, isDirectory)) is { Includes: false };

    private sealed record Rule(Regex Pattern, bool Includes, bool OnlyDirectories)
    {
        public static Rule? Parse(string line)
        {
            var pattern = TrimEnd(line.TrimEnd('\r', '\n'));
            if (pattern.Length == 0 || pattern[0] == '#')
            {
                return null;
            }

            var includes = pattern[0] == '!';
            pattern = pattern[(includes ? 1 : 0)..];
            var onlyDirectories = pattern.EndsWith('/');
            pattern = onlyDirectories ? pattern[..^1] : pattern;
            pattern = pattern.Contains('/') ? pattern.TrimStart('/') : "**/" + pattern;
            return Matcher.ToRegex(pattern) is { } regex
                ? new Rule(new Regex(regex, RegexOptions.CultureInvariant), includes, onlyDirectories)
                : null;
        }

        public bool Matches(string path, bool isDirectory) => (isDirectory || !OnlyDirectories) && Pattern.IsMatch(path);

        /// <summary>Drops the spaces at the end that no backslash quotes.</summary>
        private static string TrimEnd(string line)
        {
            var trimmed = line.TrimEnd(' ');
            return trimmed.Length < line.Length && trimmed.EndsWith('\\') ? trimmed + ' ' : trimmed;
        }
    }
}
