namespace Replicate.Tests.Archives;

/// <summary>The warnings of one thread, in order.</summary>
internal sealed class Warnings : List<string>, ILogSink
{
    public void Warn(string message) => Add(message);

    public void Verbose(string message)
    {
    }
}
