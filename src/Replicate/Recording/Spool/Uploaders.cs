using System.Collections.Concurrent;
using Replicate.Repositories;

namespace Replicate.Recording.Spool;

/// <summary>The uploaders of a process, one for each spool and repository.</summary>
/// <param name="lifetime">What else the process has that outlives its commands.</param>
internal sealed class Uploaders(ProcessLifetime lifetime)
{
    private readonly ConcurrentDictionary<(string Directory, string Url), Uploader> _all = new();

    /// <summary>The one for a spool and the repository it is for.</summary>
    internal Uploader For(string directory, string origin, Repository repository) =>
        _all.GetOrAdd((directory, repository.Url), _ => new Uploader(new SpoolDirectory(directory, origin), repository, lifetime));

    /// <summary>Sends what waits.</summary>
    /// <param name="isAll">Whether to send to remote repositories, too; otherwise only what this process has to archive on the disk.</param>
    /// <param name="cancellationToken">Ends the work; what isn't sent waits for the next command.</param>
    /// <exception cref="ReplicateException">A repository refuses or does not answer.</exception>
    internal Task SendAsync(bool isAll, CancellationToken cancellationToken) => Task.WhenAll(
        _all.Values.Where(uploader => isAll || uploader.HasAddedToDisk)
            .Select(uploader => uploader.FinishAsync(cancellationToken)));
}
