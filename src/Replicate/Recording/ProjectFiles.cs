using Replicate.Archives.Selecting;
using Replicate.Configuration;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording;

/// <summary>Selects what of a project is saved; what the project knows of itself is left out.</summary>
internal static class ProjectFiles
{
    /// <summary>Selects the files of a checked path. Says once of each directory why it is left out.</summary>
    /// <exception cref="ReplicateException">See <see cref="FileSelection.Select"/>.</exception>
    internal static IReadOnlyList<SelectedFile> Select(ProjectConfiguration project, string path)
    {
        string[] excluded = StoreUrl.ToDirectory(project.Repository) is { } directory ? [directory] : [];
        var targets = CheckOutTargets.Of(project);
        var named = Path.GetFullPath(path, project.ProjectDirectory);
        foreach (var target in targets.Where(target => !RealPath.IsAtOrBelow(named, target) && RealPath.IsAtOrBelow(target, named)))
        {
            var shown = ArchivePath.WithSlashes(Path.GetRelativePath(project.ProjectDirectory, target));
            if (OnceWarnings.TryTell(project, "target-" + LocalState.NameOf(target)))
            {
                Log.Warn(
                    $"'{shown}' is not saved, because an experiment was checked out into it. Name it itself to save it. This is said once.");
            }
        }

        return FileSelection.Select(project.ProjectDirectory, path, excluded, targets);
    }
}
