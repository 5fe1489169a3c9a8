using Replicate.Archives.Selecting;
using Replicate.Configuration;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording;

/// <summary>Selects what of a project is saved; what the project knows of itself is left out.</summary>
internal static class ProjectFiles
{
    /// <summary>Selects the files of a checked path. Says once of each directory why it is left out.</summary>
    /// <exception cref="ReplicateException">See <see cref="FileSelection.Select(string, string, IReadOnlyCollection{string})"/>.</exception>
    internal static IReadOnlyList<SelectedFile> Select(Project project, string path)
    {
        string[] excluded = StoreUrl.ToDirectory(project.Repository) is { } directory ? [directory] : [];
        var targets = CheckOutTargets.Of(project.Configuration);
        var named = Path.GetFullPath(path, project.Directory);
        foreach (var target in targets.Where(target => !RealPath.IsAtOrBelow(named, target) && RealPath.IsAtOrBelow(target, named)))
        {
            var shown = ArchivePath.WithSlashes(Path.GetRelativePath(project.Directory, target));
            if (OnceNotices.TryTell(project.Configuration, "target-" + LocalState.NameOf(target)))
            {
                Notices.Warn(
                    $"'{shown}' is not saved, because an experiment was checked out into it. Name it itself to save it. This is said once.");
            }
        }

        return FileSelection.Select(project.Directory, path, excluded, targets);
    }
}
