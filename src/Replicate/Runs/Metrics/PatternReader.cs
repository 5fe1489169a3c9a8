using System.Globalization;
using System.Text.RegularExpressions;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Reads lines that match a regular expression: a group <c>step</c> is the step, <c>name</c> and <c>value</c> are a
/// metric, every other named group is the metric of its name. All matches of a line count.
/// </summary>
internal sealed class PatternReader : ILineReader
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(1);

    // A pattern that is slow for one line is so for most: a program's output isn't held up by more than this many.
    private const int MaxTimeouts = 10;

    private readonly Regex _pattern;
    private readonly string[] _groups;
    private readonly TimeSpan _timeout;
    private int _timeouts;

    /// <summary>Takes a regular expression.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="timeout">How long it may take for one match; null for a second.</param>
    /// <exception cref="ReplicateException">It is no regular expression, or has no named group for a metric.</exception>
    internal PatternReader(string pattern, TimeSpan? timeout = null)
    {
        _timeout = timeout ?? DefaultTimeout;
        try
        {
            _pattern = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, _timeout);
        }
        catch (ArgumentException e)
        {
            throw Invalid($"The metric pattern '{pattern}' is no regular expression: {e.Message}", e);
        }

        _groups = [.. _pattern.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0]) && name is not ("step" or "name" or "value"))];
        var names = _pattern.GetGroupNames();
        if (_groups.Length == 0 && !(names.Contains("name") && names.Contains("value")))
        {
            throw Invalid($"The metric pattern '{pattern}' has no named group that holds a metric.", null);
        }
    }

    /// <inheritdoc/>
    public bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        if (_timeouts >= MaxTimeouts)
        {
            return true;
        }

        try
        {
            var isGood = true;
            for (var match = _pattern.Match(line.ToString()); match.Success; match = match.NextMatch())
            {
                isGood &= Take(match, reading);
            }

            return isGood;
        }
        catch (RegexMatchTimeoutException)
        {
            if (++_timeouts == MaxTimeouts)
            {
                Log.Warn(
                    string.Create(CultureInfo.InvariantCulture, $"The metric pattern '{_pattern}' took longer than {_timeout.TotalSeconds} s for each of {MaxTimeouts} lines, ")
                        + "and is not tried on those that follow. A pattern without repetitions inside of repetitions is fast.");
            }

            return false;
        }
    }

    private bool Take(System.Text.RegularExpressions.Match match, MetricReading reading)
    {
        var isGood = true;
        if (match.Groups["step"] is { Success: true } step)
        {
            if (NumberScan.IsWhole(step.ValueSpan, out var number) && Math.Abs(number) <= 1L << 53 && Math.Floor(number) == number)
            {
                reading.Step = (long)number;
            }
            else
            {
                isGood = false;
            }
        }

        foreach (var group in _groups)
        {
            isGood &= Add(group, match.Groups[group], reading);
        }

        return isGood & (!match.Groups["name"].Success || Add(match.Groups["name"].Value.Trim(), match.Groups["value"], reading));
    }

    private static bool Add(string name, Group group, MetricReading reading)
    {
        if (!group.Success)
        {
            return true;
        }

        if (!NumberScan.IsWhole(group.ValueSpan, out var value) || name.Length == 0)
        {
            return false;
        }

        reading.Add(name, value);
        return true;
    }

    private static ReplicateException Invalid(string message, Exception? cause) => new(
        ErrorKind.InvalidArgument, "InvalidMetricPattern", message,
        "Give a regular expression with named groups, such as: epoch (?<step>\\d+) .*loss (?<loss>\\S+)", cause);
}
