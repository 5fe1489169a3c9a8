namespace Replicate.Archives;

/// <summary>A file or link that is going to be saved.</summary>
/// <param name="Path">Its path relative to the project directory, with <c>/</c>.</param>
/// <param name="FullPath">Where it is read from: absolute.</param>
/// <param name="LinkTarget">For a link that is saved as a link, its target as stored; null for a file.</param>
/// <param name="Length">Its size in bytes when it was selected.</param>
public sealed record SelectedFile(string Path, string FullPath, string? LinkTarget, long Length);

/// <summary>The one place that decides what of a project is saved.</summary>
public static class FileSelection
{
    /// <summary>
    /// Checks a path before anything is written: it must exist and lie inside the project.
    /// </summary>
    /// <param name="projectDirectory">Absolute.</param>
    /// <param name="path">Relative to the project directory, or absolute; <c>..</c> is resolved.</param>
    /// <returns>The path to record: as it was given, or relative for an absolute one.</returns>
    /// <exception cref="ReplicateException"><c>PathOutsideProject</c>, <c>PathNotFound</c>.</exception>
    public static string CheckPath(string projectDirectory, string path) => throw new NotImplementedException();

    /// <summary>Selects the files of a checked path, in the order of their paths.</summary>
    /// <param name="projectDirectory">Absolute.</param>
    /// <param name="path">A path that <see cref="CheckPath"/> returned.</param>
    /// <param name="excludedDirectories">Absolute directories that are never saved: the repository's own, a check-out target.</param>
    /// <exception cref="ReplicateException">Nothing is left after the rules (<c>NothingToSave</c>).</exception>
    public static IReadOnlyList<SelectedFile> Select(
        string projectDirectory, string path, IReadOnlyCollection<string> excludedDirectories) =>
        throw new NotImplementedException();
}
