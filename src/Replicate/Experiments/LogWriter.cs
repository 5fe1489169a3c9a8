using Replicate.Recording.Output;

namespace Replicate;

/// <summary>Writes to the log of an experiment, beside whatever else does. What is written is flushed by itself, twice a second.</summary>
public sealed class LogWriter
{
    private readonly OutputLog _log;

    internal LogWriter(OutputLog log) => _log = log;

    /// <summary>Adds a line, or a text of several; secrets in it are masked. Safe from several threads.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isError">Whether it is of the error output.</param>
    public void Write(string text, bool isError = false) => _log.AddLine(isError, text);

    /// <summary>Returns when all that was added outlives the process.</summary>
    public Task FlushAsync() => Task.Run(_log.Flush);
}
