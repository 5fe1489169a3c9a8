using System.Collections.Concurrent;
using Replicate.Repositories;

namespace Replicate.Recording.Spool;

/// <summary>The uploaders of this process, one for each spool and repository, and what they finish before it ends.</summary>
internal static class ProcessUploaders
{
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PipelineExitPatience = TimeSpan.FromMinutes(10);

    private static readonly ConcurrentDictionary<(string Directory, string Url), Uploader> Uploaders = new();

    static ProcessUploaders() => AppDomain.CurrentDomain.ProcessExit += (_, _) => FinishBeforeExit();

    /// <summary>The one of this process for a spool and the repository it is for.</summary>
    internal static Uploader For(string directory, string origin, Repository repository) =>
        Uploaders.GetOrAdd((directory, repository.Url), _ => new Uploader(new SpoolDirectory(directory, origin), repository));

    /// <summary>
    /// The agents of a pipeline are wiped, and the spool with them: there the process waits until all is sent. Elsewhere it
    /// waits a little for what it has to archive on the disk. What is left waits for the next command.
    /// </summary>
    private static void FinishBeforeExit()
    {
        var isPipeline = Pipeline.Current is not null;
        var unfinished = Uploaders.Values.Where(uploader => isPipeline || uploader.HasAddedToDisk).ToArray();
        if (unfinished.Length == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(isPipeline ? PipelineExitPatience : ExitPatience);
        try
        {
            Task.WhenAll(unfinished.Select(uploader => uploader.SendAsync(null, _ => false, patience.Token))).Wait(CancellationToken.None);
        }
        catch (AggregateException)
        {
            // Nobody is left to be told; Stop has told it where it was called.
        }

        CheckpointJournal.FoldAllAsync().Wait(ExitPatience);
    }
}
