using System.Runtime.CompilerServices;
using Replicate.Storage;

namespace Replicate.Reliability.Faults;

/// <summary>What goes wrong with an operation of a store.</summary>
public enum FaultKind
{
    /// <summary>It is not carried out, and reports so.</summary>
    Fail,

    /// <summary>It takes its time.</summary>
    Delay,

    /// <summary>What is read ends early, without a word.</summary>
    Truncate,

    /// <summary>It is carried out, and reports that it failed.</summary>
    Duplicate,

    /// <summary>It is carried out after an operation that was asked for later.</summary>
    Reorder,
}

/// <summary>A store over another one in which chosen operations go wrong.</summary>
/// <param name="inner">The store.</param>
/// <param name="url">What it says its URL is; null for that of the other.</param>
public sealed class FaultyStore(IObjectStore inner, string? url = null) : IObjectStore
{
    private static readonly TimeSpan LongestReorder = TimeSpan.FromMilliseconds(40);

    private int _operations;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says, of an operation by its number from 0, its name and its key, what goes wrong with it; null for nothing.</summary>
    public Func<int, string, string, FaultKind?> Plan { get; set; } = (_, _, _) => null;

    /// <inheritdoc/>
    public string Url => url ?? inner.Url;

    /// <inheritdoc/>
    public async Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default)
    {
        var fault = await BeforeAsync("read", key, cancellationToken);
        var found = await inner.ReadAsync(key, cancellationToken);
        Report(fault, key);
        return fault == FaultKind.Truncate && found is not null ? found with { Content = found.Content[..(found.Content.Length / 2)] } : found;
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var fault = await BeforeAsync("open", key, cancellationToken);
        if (fault == FaultKind.Truncate && await inner.StatAsync(key, cancellationToken) is { } info)
        {
            length = Math.Min(length ?? long.MaxValue, Math.Max(0, info.Length - offset) / 2);
        }

        return await inner.OpenReadAsync(key, offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default)
    {
        var fault = await BeforeAsync("stat", key, cancellationToken);
        var info = await inner.StatAsync(key, cancellationToken);
        Report(fault, key);
        return info;
    }

    /// <inheritdoc/>
    public async Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default)
    {
        var fault = await BeforeAsync("put", key, cancellationToken);
        var version = await inner.PutAsync(key, content, condition, cancellationToken);
        Report(fault, key);
        return version;
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        var key = keys.FirstOrDefault() ?? "";
        var fault = await BeforeAsync("delete", key, cancellationToken);
        await inner.DeleteAsync(keys, cancellationToken);
        Report(fault, key);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var fault = await BeforeAsync("list", prefix, cancellationToken);
        await foreach (var info in inner.ListAsync(prefix, cancellationToken))
        {
            yield return info;
        }

        Report(fault, prefix);
    }

    private async Task<FaultKind?> BeforeAsync(string operation, string key, CancellationToken cancellationToken)
    {
        var fault = Plan(Interlocked.Increment(ref _operations) - 1, operation, key);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        switch (fault)
        {
            case FaultKind.Fail:
                throw NoAnswer(key);
            case FaultKind.Delay:
                await Task.Delay(20, cancellationToken);
                break;
            case FaultKind.Reorder:
                // Until another operation has come, if one does.
                await Task.WhenAny(_next.Task, Task.Delay(LongestReorder, cancellationToken));
                await Task.Delay(2, cancellationToken);
                break;
        }

        return fault;
    }

    private static void Report(FaultKind? fault, string key)
    {
        if (fault == FaultKind.Duplicate)
        {
            throw NoAnswer(key);
        }
    }

    private static ReplicateException NoAnswer(string key) =>
        new(ErrorKind.Unavailable, "StoreUnavailable", $"The store does not answer for '{key}'.", "Try again.");
}
