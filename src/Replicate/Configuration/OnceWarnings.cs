using Replicate.Storage.Disk;

namespace Replicate.Configuration;

/// <summary>What is said once in a project: a file in its local state for each thing that was said.</summary>
internal static class OnceWarnings
{
    /// <summary>Whether something is to be said now; from then on it was said. Where that can't be noted it is said again.</summary>
    /// <param name="configuration">The project.</param>
    /// <param name="name">What is said: a file name.</param>
    internal static bool TryTell(ProjectConfiguration configuration, string name)
    {
        var path = Path.Combine(LocalState.DirectoryFor(configuration), "told", name);
        try
        {
            LocalState.CheckPrivateFile(LocalState.StateRoot, path);
            if (File.Exists(path))
            {
                return false;
            }

            CreationMode.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, CreationMode.Open(FileMode.CreateNew, FileAccess.Write, FileShare.None));
            return true;
        }
        catch (ReplicateException)
        {
            // What others may have noted there counts for nothing.
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !File.Exists(path);
        }
    }
}
