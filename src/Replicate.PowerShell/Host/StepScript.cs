namespace Replicate.PowerShell.Host;

/// <summary>The script that the agent of a pipeline writes for a step, runs and deletes: its name says nothing to anybody.</summary>
internal static class StepScript
{
    /// <summary>Whether a script is one.</summary>
    /// <param name="path">Its absolute path.</param>
    internal static bool Is(string path) =>
        CiJob.Current is { } pipeline
        && (Guid.TryParse(Path.GetFileNameWithoutExtension(path), out _)
            || (pipeline.ScriptDirectory is { Length: > 0 } directory && IsIn(Path.GetFullPath(directory), path)));

    private static bool IsIn(string directory, string path) =>
        string.Equals(Path.TrimEndingDirectorySeparator(directory), Path.GetDirectoryName(path), StringComparison.OrdinalIgnoreCase);
}
