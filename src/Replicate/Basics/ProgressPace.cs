using System.Globalization;

namespace Replicate;

/// <summary>Progress as it is shown.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Amount">How much is done, and of how much, as in <c>12 MB of 200 MB</c>.</param>
/// <param name="Percent">How much of it, 0 to 100; null where the total isn't known.</param>
/// <param name="Rate">How fast it goes, as in <c>3.1 MB/s</c>; null where that isn't known yet.</param>
/// <param name="Left">How long it will take at that rate; null where that isn't known.</param>
internal sealed record ProgressReport(string Activity, string Amount, int? Percent, string? Rate, TimeSpan? Left)
{
    /// <summary>All of it on one line, as in <c>Saving 1eeef58: 12 MB of 200 MB, 3.1 MB/s, 61 s left</c>.</summary>
    public override string ToString() => string.Join(
        ", ", new[] { $"{Activity}: {Amount}", Rate, Left is { } left ? $"{Moments.Rough(left)} left" : null }.OfType<string>());
}

/// <summary>
/// Chooses what of the progress of some work is worth showing: nothing of work that is quickly done, otherwise a few reports
/// a second, with the rate of the last seconds. Safe from several threads.
/// </summary>
/// <param name="clock">Tells the time; null for the system's.</param>
internal sealed class ProgressPace(TimeProvider? clock = null)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    // Below it a rate is a guess.
    private static readonly TimeSpan LeastMeasured = TimeSpan.FromSeconds(0.4);

    private readonly object _lock = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _start = (clock ?? TimeProvider.System).GetTimestamp();
    private readonly Queue<(TimeSpan Time, long Done)> _samples = [];
    private string? _activity;
    private TimeSpan _next = Timeout;
    private TimeSpan _nextSample;

    /// <summary>Takes the newest progress.</summary>
    /// <returns>What to show; null for nothing now.</returns>
    public ProgressReport? Take(Progress progress)
    {
        var now = _clock.GetElapsedTime(_start);
        lock (_lock)
        {
            Measure(progress, now);
            if (now < _next)
            {
                return null;
            }

            _next = now + Interval;
            var rate = RateAt(progress.Done, now);
            return new ProgressReport(
                progress.Activity,
                progress.Total is { } total ? $"{Text(progress.Done, progress.Unit)} of {Text(total, progress.Unit)}" : Text(progress.Done, progress.Unit),
                progress.Total is > 0 and var all ? (int)Math.Clamp(progress.Done * 100.0 / all, 0, 100) : null,
                rate is null ? null : RateText(rate.Value, progress.Unit),
                rate is > 0 && progress.Total is { } end && end >= progress.Done && (end - progress.Done) / rate.Value is < 1e6 and var seconds
                    ? TimeSpan.FromSeconds(seconds)
                    : null);
        }
    }

    private void Measure(Progress progress, TimeSpan now)
    {
        if (progress.Activity != _activity)
        {
            _activity = progress.Activity;
            _samples.Clear();
            _nextSample = now;
        }

        if (now >= _nextSample)
        {
            _samples.Enqueue((now, progress.Done));
            _nextSample = now + Interval;
        }

        while (_samples.Count > 1 && now - _samples.Peek().Time > Window)
        {
            _samples.Dequeue();
        }
    }

    private double? RateAt(long done, TimeSpan now) =>
        _samples.TryPeek(out var first) && now - first.Time >= LeastMeasured
            ? Math.Max(0, (done - first.Done) / (now - first.Time).TotalSeconds)
            : null;

    private static string Text(long amount, ProgressUnit unit) =>
        unit == ProgressUnit.Bytes ? Amounts.Bytes(amount) : amount.ToString("N0", CultureInfo.InvariantCulture);

    private static string RateText(double rate, ProgressUnit unit) =>
        (unit == ProgressUnit.Bytes ? Amounts.Bytes(rate) : rate.ToString(rate < 9.95 ? "F1" : "N0", CultureInfo.InvariantCulture)) + "/s";
}
