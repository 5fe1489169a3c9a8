using System.Text.RegularExpressions;
using MAB.DotIgnore;

namespace Replicate.Adapters;

/// <summary>Patterns of git as regular expressions, by MAB.DotIgnore.</summary>
/// <remarks>
/// The package takes <c>!</c> and <c>^</c> for a negation wherever they stand, and two stars, even if the first is quoted,
/// only for a name of their own. So other stars become one here, a quoted one a set, and the two characters are masked,
/// in patterns and in paths, by ones that mean nothing.
/// </remarks>
internal static partial class GitPattern
{
    /// <summary>Masks a path for a pattern of <see cref="ToRegex"/>.</summary>
    public static string Mask(string path) => path.Replace('!', '\uE021').Replace('^', '\uE05E');

    /// <summary>Translates a pattern; null for one that can never match.</summary>
    public static Regex? ToRegex(string pattern)
    {
        try
        {
            var regex = Matcher.ToRegex(Special().Replace(pattern, match => Plain(match.Value, match.Groups["name"].Success)));
            return regex is null || DanglingBackslash().IsMatch(pattern) ? null : new Regex(regex, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            return null; // A bracket that is never closed.
        }
    }

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

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\$")]
    private static partial Regex DanglingBackslash();
}
