using Replicate.Archives.Writing;
using Replicate.Storage.Disk;

namespace Replicate.Archives.Selecting;

/// <summary>The one place that decides what of a project is saved.</summary>
internal static class FileSelection
{
    /// <summary>
    /// Checks a path before anything is written: it must exist and lie inside the project.
    /// </summary>
    /// <param name="projectDirectory">Absolute.</param>
    /// <param name="path">Relative to the project directory, or absolute; <c>..</c> is resolved.</param>
    /// <returns>The path to record: as it was given, or relative for an absolute one; with <c>/</c>.</returns>
    /// <exception cref="ReplicateException"><c>PathEmpty</c>, <c>PathOutsideProject</c>, <c>PathNotFound</c>.</exception>
    public static string CheckPath(string projectDirectory, string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "PathEmpty", "The path to save is empty.",
                "Give a file or directory of the project, '.' for all of it, or no path at all.");
        }

        var full = path.Contains('\0') ? null : Path.GetFullPath(path, projectDirectory);
        var relative = full is null ? null : RelativeTo(projectDirectory, full);
        if (full is not null && relative is null)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.PathOutsideProject,
                $"The path '{path}' leads outside the project directory '{projectDirectory}'.",
                "Save a file or directory inside the project directory.");
        }

        if (relative is null || !Exists(full!))
        {
            throw new ReplicateException(
                ErrorKind.NotFound, ErrorIds.PathNotFound, $"The path '{path}' does not exist in '{projectDirectory}'.",
                "Check the spelling; the path is relative to the project directory.");
        }

        return ArchivePath.WithSlashes(Path.IsPathRooted(path) ? relative : path);
    }

    /// <summary>Selects the files of a checked path, directory by directory in the order of their names.</summary>
    /// <param name="projectDirectory">Absolute.</param>
    /// <param name="path">A path that <see cref="CheckPath"/> returned.</param>
    /// <param name="excludedDirectories">Absolute directories that are never saved: the repository's own, a check-out target.</param>
    /// <param name="excludedWhereFound">Those that are saved only if the path names them or leads into them; null for none.</param>
    /// <exception cref="ReplicateException">
    /// Nothing is left after the rules (<c>NothingToSave</c>); what the path names cannot be read (<c>FileUnreadable</c>). Of what is
    /// found below it, a warning names what cannot be read or has just vanished, and what looks like credentials.
    /// </exception>
    public static IReadOnlyList<SelectedFile> Select(
        string projectDirectory, string path, IReadOnlyCollection<string> excludedDirectories,
        IReadOnlyCollection<string>? excludedWhereFound = null)
    {
        CheckPath(projectDirectory, path);
        var relative = RelativeTo(projectDirectory, Path.GetFullPath(path, projectDirectory))!;
        var root = relative == "." ? "" : ArchivePath.WithSlashes(relative);
        var full = Path.Combine(projectDirectory, relative);
        try
        {
            full = Path.GetFullPath(full);
            var realPath = RealPath.Of(full);
            var rules = new SelectionRules(
                projectDirectory, excludedDirectories, (excludedWhereFound ?? []).Where(excluded => !RealPath.IsAtOrBelow(realPath, RealPath.Of(excluded))));
            var files = new SelectionWalk(rules).Walk(root, full);
            return files.Count > 0 ? files : throw NothingToSave(path, rules.IgnoreFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Unreadable(e);
        }
    }

    private static bool Exists(string fullPath) =>
        Path.EndsInDirectorySeparator(fullPath) ? Directory.Exists(fullPath) : RealPath.Exists(RealPath.Of(fullPath));

    /// <summary>
    /// A full path as relative to the project directory; null when it lies outside. Where the texts do not tell, links on
    /// the way to either are resolved: a temporary directory may itself be reached through a link.
    /// </summary>
    private static string? RelativeTo(string projectDirectory, string fullPath)
    {
        var path = Path.TrimEndingDirectorySeparator(fullPath);
        var directory = Path.GetDirectoryName(path);
        string[] candidates =
        [
            Path.GetRelativePath(projectDirectory, path),
            Path.GetRelativePath(
                RealPath.Of(projectDirectory),
                directory is null ? path : Path.Combine(RealPath.Of(directory), Path.GetFileName(path))),
            Path.GetRelativePath(RealPath.Of(projectDirectory), RealPath.Of(path)),
        ];
        return Array.Find(candidates, candidate => !RealPath.Leaves(candidate));
    }

    private static ReplicateException NothingToSave(string path, string? ignoreFile) => new(
        ErrorKind.InvalidArgument, "NothingToSave",
        ignoreFile is null
            ? $"There is no file to save in '{path}'."
            : $"Nothing of '{path}' is left to save after the rules of '{ignoreFile}'.",
        ignoreFile is null
            ? "Save a path that holds files; '.git', virtual environments, caches, credentials and the repository itself are left out."
            : "Change the rules, or save a file by its own path.");
}
