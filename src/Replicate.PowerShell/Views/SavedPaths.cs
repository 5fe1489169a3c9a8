using System.Management.Automation;

namespace Replicate.PowerShell.Views;

/// <summary>Chooses saved paths as a shell writes them.</summary>
internal static class SavedPaths
{
    /// <summary>Tells the paths that are one of some files, lie in one of some directories, or match a wildcard; all for null.</summary>
    internal static Func<string, bool> Including(string[]? paths)
    {
        var patterns = paths?.Select(path => path.TrimEnd('/'))
            .SelectMany(path => new[] { path, path + "/*" })
            .Select(path => new WildcardPattern(path)).ToArray();
        return path => patterns?.Any(pattern => pattern.IsMatch(path)) ?? true;
    }
}
