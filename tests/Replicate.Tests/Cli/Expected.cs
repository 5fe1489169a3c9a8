using System.Text.RegularExpressions;

namespace Replicate.Tests.Cli;

/// <summary>What the original printed, without what rightly differs: ages, the padding they cause, its own name.</summary>
internal static partial class Expected
{
    public static string File(string fixture, string name) =>
        System.IO.File.ReadAllText(Path.Combine(fixture, "expected", name));

    public static string[] Lines(string text) => text.Split('\n')
        .Select(line => Spaces().Replace(Age().Replace(line, "AGE"), " ").TrimEnd())
        .ToArray();

    [GeneratedRegex(@"(\d+ (second|minute|hour|day)s? ago|\d{4}-\d\d-\d\d)(?= |$)")]
    private static partial Regex Age();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
