using System.Text.RegularExpressions;

namespace Replicate.Adapters.Ignore;

/// <summary>
/// Ignore rules in the syntax of <c>.gitignore</c>. MAB.DotIgnore translates the patterns; what stands around a pattern
/// (negation, anchor, slash and spaces at the end) is read here, because the package reads it otherwise than git does.
/// </summary>
internal sealed class IgnoreRules(IEnumerable<string> lines) : IPathRules
{
    private readonly IgnoreRule[] _rules = [.. lines.Select(IgnoreRule.Parse).OfType<IgnoreRule>()];

    private volatile string? _included;

    public bool Excludes(string path, bool isDirectory) => ExcludesWithParents(GitPattern.Mask(path), isDirectory);

    public bool Includes(string path, bool isDirectory) =>
        !Excludes(path, isDirectory)
        && GitPattern.Mask(path) is var masked && Array.FindLast(_rules, rule => rule.Matches(masked, isDirectory)) is { Includes: true };

    /// <remarks>
    /// Nothing below an excluded directory comes back. The directory that was included last is remembered, for its
    /// files come one after the other.
    /// </remarks>
    private bool ExcludesWithParents(string path, bool isDirectory)
    {
        var slash = path.LastIndexOf('/');
        var parent = slash < 0 ? null : path[..slash];
        if (parent != _included && parent is not null)
        {
            if (ExcludesWithParents(parent, isDirectory: true))
            {
                return true;
            }

            _included = parent;
        }

        return ExcludesItself(path, isDirectory);
    }

    /// <remarks>The last rule that matches decides.</remarks>
    private bool ExcludesItself(string path, bool isDirectory) =>
        Array.FindLast(_rules, rule => rule.Matches(path, isDirectory)) is { Includes: false };

    private sealed record IgnoreRule(Regex Pattern, bool Includes, bool OnlyDirectories)
    {
        /// <summary>Reads a line; null for a comment, an empty line, and a pattern that can never match.</summary>
        public static IgnoreRule? Parse(string line)
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
            var anchored = pattern.StartsWith('/') ? pattern[1..] : pattern.Contains('/') ? pattern : "**/" + pattern;
            return GitPattern.ToRegex(anchored) is { } regex ? new IgnoreRule(regex, includes, onlyDirectories) : null;
        }

        public bool Matches(string path, bool isDirectory) => (isDirectory || !OnlyDirectories) && Pattern.IsMatch(path);

        /// <summary>Drops the spaces at the end, but one that a backslash quotes.</summary>
        private static string TrimEnd(string line)
        {
            var trimmed = line.TrimEnd(' ');
            return trimmed.Length < line.Length && trimmed.EndsWith('\\') ? trimmed + ' ' : trimmed;
        }
    }
}
