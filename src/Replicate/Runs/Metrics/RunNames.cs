namespace Replicate.Runs.Metrics;

/// <summary>
/// Tells the scalars of several directories of a TensorBoard log apart as TensorBoard does, by the path of each:
/// <c>train/loss</c> and <c>validation/loss</c>. A directory that is alone needs no name, unless it is called as a part of
/// the data, which others follow. A name stays as it is once it was used.
/// </summary>
/// <param name="root">The log directory; absolute.</param>
internal sealed class RunNames(string root)
{
    private static readonly HashSet<string> Parts = new(StringComparer.OrdinalIgnoreCase)
    {
        "train", "training", "learn", "val", "valid", "validation", "eval", "evaluation", "dev", "test", "testing",
    };

    private readonly Dictionary<string, string> _prefixes = new(StringComparer.Ordinal);

    /// <summary>What stands before the names of a directory's scalars.</summary>
    /// <param name="directory">Absolute.</param>
    /// <param name="others">All directories that hold events of the run, this one among them.</param>
    internal string PrefixOf(string directory, IEnumerable<string> others)
    {
        if (!_prefixes.TryGetValue(directory, out var prefix))
        {
            var relative = Path.GetRelativePath(CommonOf(others), directory).Replace('\\', '/');
            _prefixes[directory] = prefix = relative == "." ? "" : relative + "/";
        }

        return prefix;
    }

    private string CommonOf(IEnumerable<string> directories)
    {
        string? common = null;
        foreach (var directory in directories)
        {
            var start = directory.Length > root.Length && Parts.Contains(Path.GetFileName(directory)) ? Path.GetDirectoryName(directory)! : directory;
            common ??= start;
            while (start != common && !start.StartsWith(common.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                common = Path.GetDirectoryName(common) ?? start;
            }
        }

        return common!;
    }
}
