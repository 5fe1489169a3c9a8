using Replicate.Archives.Selecting;
using Replicate.Archives.Snapshots;
using Replicate.Storage;

namespace Replicate.Recording;

/// <summary>A path of a project that is saved again and again.</summary>
internal sealed class SavePath
{
    private readonly ProjectConfiguration _project;
    private readonly string _path;
    private readonly string _full;
    private readonly string _relative;
    private readonly HashSet<string> _told = [];

    /// <param name="project">The project.</param>
    /// <param name="path">Relative to the project directory, or absolute inside it; it need not exist yet.</param>
    internal SavePath(ProjectConfiguration project, string path)
    {
        (_project, _path) = (project, path);
        _full = Path.GetFullPath(path, project.ProjectDirectory);
        _relative = Path.GetRelativePath(project.ProjectDirectory, _full).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>The absolute path.</summary>
    internal string Full => _full;

    /// <summary>The absolute directory of the project.</summary>
    internal string Root => _project.ProjectDirectory;

    /// <summary>A path under it as a person names it: relative to the project directory.</summary>
    internal string NameOf(string path) => Path.GetRelativePath(_project.ProjectDirectory, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The path as it is recorded; it must exist.</summary>
    internal string Recorded => FileSelection.CheckPath(_project.ProjectDirectory, _path);

    /// <summary>The files it stands for now.</summary>
    /// <exception cref="ReplicateException">It isn't there, or nothing of it is to be saved.</exception>
    internal IReadOnlyList<SelectedFile> Select()
    {
        // No rule excludes a file that is named itself, and of one there may be thousands of versions.
        var file = new FileInfo(_full);
        if (file.Exists && file.LinkTarget is null && !_relative.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(_relative))
        {
            return [new SelectedFile(_relative, _full, LinkTarget: null, file.Length)];
        }

        // A program that renames what it has written must not lose it: the files are as they were, or there is no snapshot.
        using var log = Log.EachOnce(_told);
        return [.. ProjectFiles.Select(_project, Recorded).Select(found => found with { IsOptional = false })];
    }

    /// <summary>Takes the files as they are now; null where nothing is there, or what is there was written meanwhile.</summary>
    /// <param name="directory">Where what is large is copied to.</param>
    internal FileSnapshot? TryTakeSnapshot(SnapshotDirectory directory) => FileSnapshot.TryTake(Select, () => Recorded, directory);

    /// <summary>What tells the files from others, as they are now, by their absolute paths; none where nothing is there.</summary>
    internal IReadOnlyList<(string Path, FileStamp? Stamp)> Stamps() => FileSnapshot.StampsOf(Select);
}
