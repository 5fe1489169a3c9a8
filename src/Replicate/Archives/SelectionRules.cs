using Replicate.Adapters;

namespace Replicate.Archives;

/// <summary>What is left out wherever it is found below a directory that is saved.</summary>
internal sealed class SelectionRules
{
    private static readonly HashSet<string> NeverSaved = [".replicate", ".keepsake", ".git", ".mypy_cache"];
    private static readonly string[] IgnoreFiles = [".replicateignore", ".keepsakeignore"];

    private readonly string[] _excludedDirectories;
    private readonly IPathRules? _rules;

    /// <param name="projectDirectory">Absolute; the rules of its ignore file are relative to it.</param>
    /// <param name="excludedDirectories">Absolute directories that are never saved.</param>
    public SelectionRules(string projectDirectory, IEnumerable<string> excludedDirectories)
    {
        _excludedDirectories = [.. excludedDirectories.Select(RealPath.Of)];
        IgnoreFile = IgnoreFiles.Select(name => Path.Combine(projectDirectory, name)).FirstOrDefault(File.Exists);
        _rules = IgnoreFile is null ? null : AdapterLoader.Adapters.CompileIgnoreRules(File.ReadAllLines(IgnoreFile));
    }

    /// <summary>The full path of the ignore file; null where there is none.</summary>
    public string? IgnoreFile { get; }

    /// <summary>Whether a file is left out.</summary>
    /// <param name="path">Relative to the project directory.</param>
    public bool ExcludesFile(string path) => Excludes(path, isDirectory: false);

    /// <summary>Whether a directory is left out with all that is in it.</summary>
    /// <param name="path">Relative to the project directory.</param>
    /// <param name="realPath">Where it really lies.</param>
    public bool ExcludesDirectory(string path, string realPath) =>
        Excludes(path, isDirectory: true)
        || NeverSaved.Contains(Path.GetFileName(realPath))
        || Path.GetFileName(realPath).StartsWith(CheckOut.StagingPrefix, StringComparison.Ordinal)
        || IsExcludedPlace(realPath)
        || File.Exists(Path.Combine(realPath, "pyvenv.cfg"));

    /// <summary>Whether a directory lies in one that is never saved, even where it is named itself.</summary>
    /// <param name="realPath">Where it really lies.</param>
    public bool IsExcludedPlace(string realPath) =>
        Array.Exists(_excludedDirectories, excluded => RealPath.IsAtOrBelow(realPath, excluded));

    private bool Excludes(string path, bool isDirectory) =>
        NeverSaved.Contains(Path.GetFileName(path)) || _rules?.Excludes(path, isDirectory) == true;
}
