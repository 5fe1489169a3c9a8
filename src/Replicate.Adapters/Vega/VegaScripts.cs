using System.Text.RegularExpressions;
using Replicate.Adapters.PageLibraries;

namespace Replicate.Adapters.Vega;

/// <summary>The scripts of Vega that ship inside this assembly.</summary>
internal static partial class VegaScripts
{
    // In the order in which each finds what it builds on.
    private static readonly string[] Files = ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js"];

    /// <summary>Reads them as one script.</summary>
    internal static string Read() =>
        $"/*\nVega, Vega-Lite, Vega-Embed\n{PageScripts.Read("LICENSE")}*/\n"
        + string.Concat(Files.Select(file => SourceMap().Replace(PageScripts.Read(file), "") + "\n"));

    /// <summary>Names a file that isn't beside the page.</summary>
    [GeneratedRegex(@"^//# sourceMappingURL=.*$", RegexOptions.Multiline)]
    private static partial Regex SourceMap();
}
