namespace Replicate.Archives.Selecting;

/// <summary>
/// The directories that other programs fill and can fill again, or that are none of a project's files: never saved where they are
/// found. docs/FORMAT.md has the same list.
/// </summary>
internal static class GeneratedDirectories
{
    // What a check-out leaves alone, too, see ProtectedNames; a file of that name stands for such a directory, as .git of a worktree does.
    private static readonly HashSet<string> OwnAndVersionControl = new(StringComparer.OrdinalIgnoreCase)
    {
        ".replicate", ".keepsake", ".git", ".hg", ".svn", ".bzr", ".jj", "_darcs",
    };

    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        // Environments and packages.
        ".venv", ".tox", ".nox", ".pixi", ".eggs", "__pypackages__", "node_modules",

        // What interpreters, notebooks, tests and linters keep.
        "__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".pytype", ".ruff_cache", ".hypothesis",
    };

    /// <summary>The names that are never saved and never checked out, in lower case.</summary>
    internal static IReadOnlySet<string> OwnNames => OwnAndVersionControl;

    /// <summary>Whether a file or directory of that name is never saved.</summary>
    internal static bool IsOwnOrVersionControl(string name) => OwnAndVersionControl.Contains(name);

    /// <summary>Whether a directory is never saved: by its name, or because it is an environment of Python or Conda.</summary>
    /// <param name="realPath">Where it really lies.</param>
    internal static bool Contains(string realPath)
    {
        var name = Path.GetFileName(realPath);
        return IsOwnOrVersionControl(name) || Others.Contains(name) || IsEnvironment(realPath);
    }

    /// <summary>Whether a name alone says so, such as that of a link.</summary>
    internal static bool ContainsName(string name) => IsOwnOrVersionControl(name) || Others.Contains(name);

    /// <remarks>
    /// venv, uv and virtualenv write pyvenv.cfg, which virtualenv did not before its version 20; Conda and Mamba keep what is
    /// installed in conda-meta.
    /// </remarks>
    private static bool IsEnvironment(string directory) =>
        File.Exists(Path.Combine(directory, "pyvenv.cfg"))
        || Directory.Exists(Path.Combine(directory, "conda-meta"))
        || File.Exists(Path.Combine(directory, "bin", "activate_this.py"))
        || File.Exists(Path.Combine(directory, "Scripts", "activate_this.py"));
}
