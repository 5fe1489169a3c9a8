using System.Collections.Concurrent;
using Replicate.Repositories;
using Replicate.Repositories.Logs;
using Replicate.Storage;

namespace Replicate.Recording.Output;

/// <summary>
/// Sends a log that grows in the spool to a repository that takes whole objects only: every few seconds the segment that grows, others when they
/// are whole. Where that fails it is tried again; what was not sent by the end waits in the spool as everything else.
/// </summary>
internal sealed class LogSending : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    private readonly IObjectStore _spool;
    private readonly Repository _repository;
    private readonly Func<LogKey?> _current;
    private readonly ConcurrentDictionary<LogKey, bool> _changed = new();
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _work;
    private string _sent = "";

    /// <summary>Begins to send.</summary>
    /// <param name="spool">Where the log grows.</param>
    /// <param name="repository">Where it goes.</param>
    /// <param name="current">Tells the segment that grows; null for none.</param>
    internal LogSending(IObjectStore spool, Repository repository, Func<LogKey?> current)
    {
        (_spool, _repository, _current) = (spool, repository, current);

        // It outlives the command that began it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            _work = Task.Run(WorkAsync);
        }
    }

    /// <summary>Notes that a segment is whole now, or gone.</summary>
    internal void Note(LogKey key, bool isThere) => _changed[key] = isThere;

    /// <summary>Ends it; what is being sent is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _work;
        _ends.Dispose();
    }

    private async Task WorkAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_ends.Token))
            {
                try
                {
                    await SendAsync(_ends.Token);
                }
                catch (ReplicateException error)
                {
                    Log.Verbose($"The log is sent later: {error.Message}");
                }
            }
        }
        catch (OperationCanceledException) when (_ends.IsCancellationRequested)
        {
            // The log is at its end.
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, isThere) in _changed)
        {
            if (isThere && await ReadAsync(key, cancellationToken) is { } whole)
            {
                await PutAsync(key, whole, cancellationToken);
            }
            else if (!isThere)
            {
                await _repository.Store.DeleteAsync([key.Key], cancellationToken);
            }

            if (_changed.TryRemove(new(key, isThere)) && isThere)
            {
                await _spool.DeleteAsync([key.Key], cancellationToken);
            }
        }

        if (_current() is { } growing && await _spool.StatAsync(growing.Key, cancellationToken) is { } info
            && $"{info.Key} {info.Stamp}" is var now && now != _sent && await ReadAsync(growing, cancellationToken) is { } content)
        {
            await PutAsync(growing, content, cancellationToken);
            _sent = now;
        }
    }

    private async Task PutAsync(LogKey key, byte[] content, CancellationToken cancellationToken) =>
        await _repository.Store.PutAsync(key.Key, ObjectContent.FromBytes(content), PutCondition.None, cancellationToken);

    /// <summary>What a segment, which may grow meanwhile, has now.</summary>
    private async Task<byte[]?> ReadAsync(LogKey key, CancellationToken cancellationToken)
    {
        await using var stream = await _spool.OpenReadAsync(key.Key, cancellationToken: cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }
}
