using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Replicate.Build;

/// <summary>The version of the checkout and the address of the project, each said once, in Directory.Build.props.</summary>
internal static partial class ReleaseVersion
{
    private static readonly Lazy<XDocument> Properties = new(() => XDocument.Load(Shell.At("Directory.Build.props")));

    /// <summary>The version that is released, such as <c>0.1.0</c>.</summary>
    public static string Number => Property("Version");

    /// <summary>The address of the project, without a slash at its end.</summary>
    public static string Address => Property("RepositoryUrl");

    /// <summary>The text of this version's section of the changelog, without its heading.</summary>
    /// <exception cref="TaskFailedException">There is no such section, or nothing in it.</exception>
    public static string Changes()
    {
        var sections = Heading().Split(File.ReadAllText(Shell.At("CHANGELOG.md")));
        // What is split by are the versions: they are every second piece.
        for (var i = 1; i + 1 < sections.Length; i += 2)
        {
            if (sections[i] == Number && sections[i + 1].Trim() is { Length: > 0 } text)
            {
                return text;
            }
        }

        throw new TaskFailedException($"CHANGELOG.md has no section '## [{Number}]', or nothing in it. Write what is new in this version.");
    }

    private static string Property(string name) => Properties.Value.Descendants(name).Single().Value;

    [GeneratedRegex(@"^## \[([^\]]+)\].*$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
