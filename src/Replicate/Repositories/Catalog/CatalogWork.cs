using System.Collections.Concurrent;

namespace Replicate.Repositories.Catalog;

/// <summary>What a process still writes to catalogs after the commands that led to it, each piece for a bounded time. What fails is left.</summary>
internal sealed class CatalogWork
{
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly ConcurrentDictionary<string, byte> _refusing = new();

    /// <summary>Whether a repository has refused such writing: then it is spared it.</summary>
    internal bool IsRefusedBy(string url) => _refusing.ContainsKey(url);

    /// <summary>Begins a piece of work.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="longest">How long it may take.</param>
    /// <param name="work">Does it.</param>
    /// <returns>Completes with it, and never fails.</returns>
    internal Task Start(string url, TimeSpan longest, Func<CancellationToken, Task> work)
    {
        // It outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            var running = Task.Run(() => RunAsync(url, longest, work));
            _running[running] = 0;
            _ = running.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return running;
        }
    }

    /// <summary>Waits for all that was begun.</summary>
    internal Task EndAsync() => Task.WhenAll(_running.Keys);

    private async Task RunAsync(string url, TimeSpan longest, Func<CancellationToken, Task> work)
    {
        using var timeout = new CancellationTokenSource(longest);
        try
        {
            await work(timeout.Token);
        }
        catch (ReplicateException error)
        {
            if (error.Kind == ErrorKind.PermissionDenied)
            {
                _refusing[url] = 0;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
