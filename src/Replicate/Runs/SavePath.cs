using Replicate.Archives;
using Replicate.Stores;

namespace Replicate.Runs;

/// <summary>A path of a project that is saved, perhaps again and again.</summary>
/// <param name="project">The project.</param>
/// <param name="path">Relative to the project directory, or absolute inside it; it need not exist yet.</param>
internal sealed class SavePath(Project project, string path)
{
    /// <summary>The path as it is recorded; it must exist.</summary>
    internal string Recorded => FileSelection.CheckPath(project.Directory, path);

    /// <summary>The files it stands for now.</summary>
    /// <exception cref="ReplicateException">It isn't there, or nothing of it is to be saved.</exception>
    internal IReadOnlyList<SelectedFile> Select()
    {
        string[] excluded = StoreUrl.ToDirectory(project.Repository) is { } directory ? [directory] : [];
        return FileSelection.Select(project.Directory, Recorded, excluded);
    }
}
