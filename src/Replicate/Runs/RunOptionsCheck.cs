using Replicate.Runs.Metrics;

namespace Replicate.Runs;

/// <summary>Refuses options of a run before anything is written.</summary>
internal static class RunOptionsCheck
{
    /// <exception cref="ReplicateException">An option is wrong.</exception>
    internal static void Require(Project project, RunOptions options)
    {
        if (options.Every < 1)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "InvalidInterval", $"A checkpoint for every {options.Every} steps is not possible.",
                "Give 1 or more.");
        }

        if (options.MaxLog < 0)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "InvalidLogSize", $"A log of {options.MaxLog} bytes is not possible.", "Give 0 for no log, or more.");
        }

        if (options.OnlyBetter && (options.PrimaryMetric ?? project.Configuration.PrimaryMetric) is null)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.PrimaryMetricNeeded,
                "Checkpoints only when the primary metric got better need a primary metric, and there is none.",
                "Name one with its goal, here or in the configuration file.");
        }

        foreach (var source in options.Sources.Where(source => source.Kind == MetricSourceKind.Pattern))
        {
            _ = new PatternReader(source.Text);
        }

        if (options.CheckpointPath is { } path && IsOutside(project.Directory, path))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.PathOutsideProject,
                $"The path '{path}' leads outside the project directory '{project.Directory}'.",
                "Save a file or directory inside the project directory.");
        }
    }

    // The path need not exist yet, so that it can only be judged by its text here.
    private static bool IsOutside(string directory, string path) =>
        !Path.IsPathRooted(path)
        && Path.GetRelativePath(directory, Path.GetFullPath(path, directory)) is var relative
        && (relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
