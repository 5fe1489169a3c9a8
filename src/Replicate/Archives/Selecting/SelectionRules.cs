using Replicate.Adapters;
using Replicate.Archives.CheckingOut;
using Replicate.Storage.Disk;

namespace Replicate.Archives.Selecting;

/// <summary>What is left out wherever it is found below a directory that is saved.</summary>
internal sealed class SelectionRules
{
    /// <summary>The names of the ignore file; the first that is there counts.</summary>
    internal static readonly string[] IgnoreFiles = [".replicateignore", ".keepsakeignore"];

    private readonly string[] _excludedDirectories;
    private readonly string[] _excludedWhereFound;
    private readonly IPathRules? _rules;

    /// <param name="projectDirectory">Absolute; the rules of its ignore file are relative to it.</param>
    /// <param name="excludedDirectories">Absolute directories that are never saved.</param>
    /// <param name="excludedWhereFound">Absolute directories that are saved only where they are named themselves.</param>
    public SelectionRules(string projectDirectory, IEnumerable<string> excludedDirectories, IEnumerable<string> excludedWhereFound)
    {
        _excludedDirectories = [.. excludedDirectories.Select(RealPath.Of)];
        _excludedWhereFound = [.. excludedWhereFound.Select(RealPath.Of)];
        IgnoreFile = IgnoreFiles.Select(name => Path.Combine(projectDirectory, name)).FirstOrDefault(File.Exists);
        _rules = IgnoreFile is null ? null : AdapterLoader.Adapters.CompileIgnoreRules(File.ReadAllLines(IgnoreFile));
    }

    /// <summary>The full path of the ignore file; null where there is none.</summary>
    public string? IgnoreFile { get; }

    /// <summary>Whether a file is left out.</summary>
    /// <param name="path">Relative to the project directory.</param>
    public bool ExcludesFile(string path) =>
        GeneratedDirectories.IsOwnOrVersionControl(Path.GetFileName(path)) || _rules?.Excludes(path, isDirectory: false) == true;

    /// <summary>Whether a file is left out because it looks like one of credentials, and no rule includes it.</summary>
    /// <param name="path">Relative to the project directory.</param>
    /// <param name="file">The file.</param>
    public bool ExcludesCredentials(string path, FileInfo file) =>
        CredentialFiles.Contains(path, file) && _rules?.Includes(path, isDirectory: false) != true;

    /// <summary>Whether a directory is left out with all that is in it.</summary>
    /// <param name="path">Relative to the project directory.</param>
    /// <param name="realPath">Where it really lies.</param>
    public bool ExcludesDirectory(string path, string realPath) =>
        GeneratedDirectories.ContainsName(Path.GetFileName(path))
        || GeneratedDirectories.Contains(realPath)
        || Path.GetFileName(realPath).StartsWith(CheckOut.StagingPrefix, StringComparison.Ordinal)
        || _rules?.Excludes(path, isDirectory: true) == true
        || IsExcludedPlace(realPath)
        || Array.Exists(_excludedWhereFound, excluded => RealPath.IsAtOrBelow(realPath, excluded));

    /// <summary>Whether a directory lies in one that is never saved, even where it is named itself.</summary>
    /// <param name="realPath">Where it really lies.</param>
    public bool IsExcludedPlace(string realPath) =>
        Array.Exists(_excludedDirectories, excluded => RealPath.IsAtOrBelow(realPath, excluded));
}
