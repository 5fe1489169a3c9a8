namespace Replicate.Runs;

/// <summary>
/// A directory for files on their way into the repository: on the disk of the project where that has local state of ours
/// anyway, so that copies can share their blocks. Disposing deletes it.
/// </summary>
internal sealed class Spool : IDisposable
{
    private const string State = ".replicate";

    private readonly string _directory;
    private long _count;

    internal Spool(Project project, string id)
    {
        var local = Path.Combine(project.Directory, State);
        var isLocal = project.Configuration.ConfigurationFile is not null || Directory.Exists(local);
        _directory = Path.Combine(
            isLocal ? local : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "replicate"),
            "spool", $"run-{id}");
    }

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
                if (Path.GetDirectoryName(_directory) is { } spool && !Directory.EnumerateFileSystemEntries(spool).Any())
                {
                    Directory.Delete(spool);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Notices.Verbose($"'{_directory}' could not be deleted: {e.Message}");
        }
    }
}
