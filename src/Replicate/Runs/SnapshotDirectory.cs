namespace Replicate.Runs;

/// <summary>
/// A directory for files on their way into the repository: on the disk of the project where that has local state of ours
/// anyway, so that copies can share their blocks. Disposing deletes it.
/// </summary>
internal sealed class SnapshotDirectory(Project project, string id) : IDisposable
{
    private readonly string _directory = Path.Combine(LocalState.DirectoryFor(project.Configuration), "snapshots", id);
    private long _count;

    /// <summary>A new place in it.</summary>
    internal string NewPlace() => Path.Combine(_directory, $"{Interlocked.Increment(ref _count)}");

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(_directory))
            {
                Directory.Delete(_directory, recursive: true);
                if (Path.GetDirectoryName(_directory) is { } all && !Directory.EnumerateFileSystemEntries(all).Any())
                {
                    Directory.Delete(all);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Notices.Verbose($"'{_directory}' could not be deleted: {e.Message}");
        }
    }
}
