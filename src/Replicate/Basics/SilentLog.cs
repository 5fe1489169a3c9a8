namespace Replicate;

/// <summary>Where nobody needs to hear what is said, because it was said before.</summary>
internal sealed class SilentLog : ILogSink
{
    /// <summary>The only one.</summary>
    internal static readonly SilentLog Instance = new();

    /// <inheritdoc/>
    public void Warn(string message)
    {
    }

    /// <inheritdoc/>
    public void Verbose(string message)
    {
    }
}
