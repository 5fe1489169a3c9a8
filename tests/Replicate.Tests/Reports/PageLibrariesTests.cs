using System.Text.Json;
using System.Text.RegularExpressions;
using Replicate.Adapters;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

/// <summary>The bundle of the page's libraries is committed; it is what its lock file says.</summary>
public partial class PageLibrariesTests
{
    private static readonly string Directory = Path.Combine(Checkout.Root, "src", "Replicate.Adapters", "PageLibraries");

    [Fact]
    public void The_bundle_has_the_versions_of_the_lock_file_and_their_licences()
    {
        var locked = Read("package-lock.json").GetProperty("packages").EnumerateObject()
            .Where(package => package.Name.StartsWith("node_modules/", StringComparison.Ordinal))
            .ToDictionary(package => package.Name["node_modules/".Length..], package => package.Value.GetProperty("version").GetString());
        var wanted = Read("package.json").GetProperty("dependencies").EnumerateObject().Select(package => package.Name);

        var bundled = Head().Matches(AdapterLoader.Adapters.ReadPageLibraries()).ToDictionary(head => head.Groups[1].Value, head => head.Groups[2].Value);

        Assert.All(bundled, package => Assert.Equal(locked[package.Key], package.Value));
        Assert.Subset(bundled.Keys.ToHashSet(), wanted.ToHashSet());
    }

    private static JsonElement Read(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Directory, name))).RootElement;

    [GeneratedRegex(@"^((?:@[\w.-]+/)?[\w.-]+)@(\d[\w.-]*) \([^)\n]+\)\r?$", RegexOptions.Multiline)]
    private static partial Regex Head();
}
