namespace Replicate.Cli;

/// <summary>One line on a terminal that tells how far work has come, rewritten in place and gone at its end.</summary>
/// <param name="terminal">Where the line is.</param>
/// <param name="width">How many columns there are.</param>
internal sealed class ProgressLine(TextWriter terminal, int width) : IProgress<Progress>, IDisposable
{
    private readonly object _lock = new();
    private readonly ProgressPace _pace = new();
    private int _length;

    /// <inheritdoc/>
    public void Report(Progress value)
    {
        lock (_lock)
        {
            if (_pace.Take(value) is { } report)
            {
                // A line that wraps could not be rewritten.
                var text = report.ToString();
                Rewrite(text.Length < width ? text : text[..(width - 1)]);
            }
        }
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_length > 0)
            {
                Rewrite("");
                terminal.Write('\r');
            }
        }
    }

    private void Rewrite(string text)
    {
        terminal.Write('\r' + text.PadRight(_length));
        _length = text.Length;
    }
}
