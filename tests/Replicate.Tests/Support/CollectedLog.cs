using System.Collections.Concurrent;

namespace Replicate.Tests.Support;

/// <summary>Keeps what the engine says.</summary>
internal sealed class CollectedLog : ILogSink
{
    private readonly ConcurrentQueue<string> _warnings = new();

    public IReadOnlyCollection<string> Warnings => _warnings;

    public void Warn(string message) => _warnings.Enqueue(message);

    public void Verbose(string message)
    {
    }
}
