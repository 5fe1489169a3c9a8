using System.Diagnostics;
using System.Globalization;

namespace Replicate.Cli;

/// <summary>One line on a terminal that tells how far work has come, rewritten in place and gone at its end.</summary>
internal sealed class ProgressLine(TextWriter terminal) : IProgress<Progress>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private int _length;

    /// <inheritdoc/>
    public void Report(Progress value)
    {
        lock (_lock)
        {
            // Quick work ends before it is told of.
            if (_sinceLast.Elapsed < Interval)
            {
                return;
            }

            _sinceLast.Restart();
            Rewrite(Describe(value));
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

    /// <summary>The progress as in <c>Checking out: 12.5 of 200.0 MB</c>.</summary>
    internal static string Describe(Progress progress)
    {
        var (unit, divisor) = progress.Unit == ProgressUnit.Bytes ? (" MB", 1e6) : ("", 1);
        var format = divisor > 1 ? "F1" : "F0";
        var done = (progress.Done / divisor).ToString(format, CultureInfo.InvariantCulture);
        var total = progress.Total is { } all ? $" of {(all / divisor).ToString(format, CultureInfo.InvariantCulture)}" : "";
        return $"{progress.Activity}: {done}{total}{unit}";
    }

    private void Rewrite(string text)
    {
        terminal.Write('\r' + text.PadRight(_length));
        _length = text.Length;
    }
}
