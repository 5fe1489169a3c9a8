using System.Text.RegularExpressions;
using MAB.DotIgnore;

namespace Replicate.Adapters.Ignore;

/// <summary>Patterns of git as regular expressions, by MAB.DotIgnore.</summary>
/// <remarks>
/// The package takes <c>!</c> and <c>^</c> for a negation wherever they stand, and two stars, even if the first is quoted,
/// only for a name of their own. So other stars become one here, a quoted one a set, and the two characters are masked,
/// in patterns and in paths, by ones that mean nothing. A pattern of many stars is matched without backtracking, which
/// would take longer than anybody waits; the "no slash here" before a set becomes part of the set then, because it is a
/// look ahead.
/// </remarks>
internal static partial class GitPattern
{
    // One name, and one more wherever it lies: what most patterns have. It is faster that way.
    private const int FewStars = 4;

    /// <summary>Masks a path for a pattern of <see cref="ToRegex"/>.</summary>
    public static string Mask(string path) => path.Replace('!', '\uE021').Replace('^', '\uE05E');

    /// <summary>Translates a pattern; null for one that can never match.</summary>
    /// <exception cref="ReplicateException">It would take too much time or memory (<c>IgnoreRuleTooLong</c>).</exception>
    public static Regex? ToRegex(string pattern)
    {
        try
        {
            pattern = AnyDirectories().Replace(pattern, "**/");
            var regex = Matcher.ToRegex(Special().Replace(pattern, match => Plain(match.Value, match.Groups["name"].Success)));
            return regex is null || DanglingBackslash().IsMatch(pattern) ? null
                : pattern.Count(c => c == '*') <= FewStars ? new Regex(regex, RegexOptions.CultureInvariant)
                : new Regex(SlashlessSet().Replace(regex, WithoutSlash), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (ArgumentException)
        {
            return null; // A bracket that is never closed.
        }
        catch (NotSupportedException e)
        {
            throw new ReplicateException(
                ErrorKind.InvalidData, "IgnoreRuleTooLong",
                $"An ignore rule with {pattern.Count(c => c == '*')} stars is too long: '{Value.Escape(pattern[..Math.Min(pattern.Length, 60)])}…'.",
                "Write it with fewer stars or sets.", e);
        }
    }

    private static string WithoutSlash(System.Text.RegularExpressions.Match set) =>
        $"[{set.Groups["members"].Value}{(set.Groups["dash"].Success ? @"\-" : "")}-[/]]";

    private static string Plain(string special, bool isName) => special switch
    {
        "[!" or "[^" => "[!",
        "!" or "^" => Mask(special),
        @"\!" or @"\^" => Mask(special[1..]),
        @"\*" => "[*]",
        ['*', .., '*'] => isName ? "**" : "*",
        _ => special,
    };

    [GeneratedRegex(@"\\.|\[[!^]|[!^]|(?<name>(?<![^/])\*{2,}(?![^/]))|\*{2,}")]
    private static partial Regex Special();

    /// <remarks>Several are one.</remarks>
    [GeneratedRegex(@"(?<![^/])(?:\*{2,}/){2,}")]
    private static partial Regex AnyDirectories();

    [GeneratedRegex(@"\(\?!/\)\[(?<members>\^?\]?(?:\\.|[^\]\\])*?)(?<dash>-)?\]")]
    private static partial Regex SlashlessSet();

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\$")]
    private static partial Regex DanglingBackslash();
}
