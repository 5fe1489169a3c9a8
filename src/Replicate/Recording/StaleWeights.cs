using Replicate.Archives.Selecting;
using Replicate.Configuration;

namespace Replicate.Recording;

/// <summary>Weights of an earlier run among an experiment's own files, where they are easily taken for those of the run itself.</summary>
internal static class StaleWeights
{
    /// <summary>Warns of them, once in a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="files">What is saved with the experiment.</param>
    /// <param name="checkpointPath">Where the run writes what is saved with its checkpoints; null where that isn't known.</param>
    internal static void Warn(ProjectConfiguration project, IReadOnlyList<SelectedFile> files, string? checkpointPath)
    {
        var written = checkpointPath is null ? null
            : ArchivePath.FromUser(Path.GetRelativePath(project.ProjectDirectory, Path.GetFullPath(checkpointPath, project.ProjectDirectory)));
        var found = files.Where(file => file.IsOptional && (IsWritten(file.Path) || WeightFiles.Contains(file.Path))).Take(2).ToArray();
        if (found.Length > 0 && OnceWarnings.TryTell(project, "weights"))
        {
            var others = found.Length > 1 ? " and others" : "";
            Log.Warn(
                $"'{found[0].Path}'{others} in the project will be saved with the experiment's own files, and may be weights that an earlier "
                + "run left; what this run writes is saved with its checkpoints. Exclude it in .replicateignore, unless the training begins with it. "
                + "This is said once.");
        }

        bool IsWritten(string path) => written is { Length: > 0 } && ArchivePath.IsAtOrBelow(path, written);
    }
}
