using System.Collections.Concurrent;

namespace Replicate.Tests.Support;

/// <summary>Keeps the verbose messages of a test.</summary>
internal sealed class VerboseLog : ILogSink, IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly IDisposable _sending;

    public VerboseLog() => _sending = Log.SendTo(this);

    public IReadOnlyCollection<string> Lines => _lines;

    public void Warn(string message)
    {
    }

    public void Verbose(string message) => _lines.Enqueue(message);

    public void Dispose() => _sending.Dispose();
}
