using Replicate.Configuration;

namespace Replicate.Recording.Spool;

/// <summary>
/// A spool inside a project, where releases before 0.1.0 had it. It may have come with the project, from anybody, and name any
/// file of this user: it is never read, only told of.
/// </summary>
internal static class EarlySpool
{
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Warns, once in a project, where something waits in one.</summary>
    internal static void Warn(ProjectConfiguration configuration)
    {
        var directory = new DirectoryInfo(Path.Combine(configuration.ProjectDirectory, ProjectConfiguration.DefaultDirectory, "spool"));
        if (HasOperations(directory) && OnceWarnings.TryTell(configuration, "early-spool"))
        {
            Log.Warn(
                $"What waits in '{directory.FullName}' is not sent: it came with the project, or a release recorded it that kept it there. Look at "
                + "the files in it, and delete the directory; to send what is your own, use that release. This is said once.");
        }
    }

    private static bool HasOperations(DirectoryInfo directory)
    {
        try
        {
            return directory.Exists && directory.EnumerateFiles("*.json*", Below).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
