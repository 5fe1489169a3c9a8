namespace Replicate.Tests.Basics;

public class ProgressPaceTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Work_of_less_than_half_a_second_is_not_told_of()
    {
        var pace = new ProgressPace(_clock);
        Assert.Null(pace.Take(Bytes(1)));
        _clock.Advance(0.49);
        Assert.Null(pace.Take(Bytes(2)));
        _clock.Advance(0.02);
        Assert.NotNull(pace.Take(Bytes(3)));
        Assert.Null(pace.Take(Bytes(4)));
    }

    [Fact]
    public void Rate_and_time_left_are_those_of_the_last_seconds()
    {
        var pace = new ProgressPace(_clock);
        ProgressReport? report = null;
        for (var second = 0; second <= 20; second++)
        {
            // A slow start, that is no longer of interest after a while.
            report = pace.Take(Bytes(second <= 10 ? second : 10 + ((second - 10) * 1_000_000), 61_000_010));
            _clock.Advance(1);
        }

        Assert.Equal("Saving: 10 MB of 61 MB, 1.0 MB/s, 51 s left", report!.ToString());
        Assert.Equal((16, TimeSpan.FromSeconds(51)), (report.Percent, report.Left));
    }

    [Fact]
    public void Without_a_total_there_is_a_rate_alone()
    {
        var pace = new ProgressPace(_clock);
        pace.Take(new Progress("Reading", 0, null, ProgressUnit.Items));
        _clock.Advance(2);
        Assert.Equal("Reading: 5,000, 2,500/s", pace.Take(new Progress("Reading", 5000, null, ProgressUnit.Items))!.ToString());
    }

    [Fact]
    public void Another_activity_has_a_rate_of_its_own()
    {
        var pace = new ProgressPace(_clock);
        pace.Take(Bytes(1000));
        _clock.Advance(2);
        Assert.Equal("Sending: 7 of 8", pace.Take(new Progress("Sending", 7, 8, ProgressUnit.Items))!.ToString());
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1, "1 byte")]
    [InlineData(999, "999 bytes")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(12_345, "12 kB")]
    [InlineData(999_600, "1.0 MB")]
    [InlineData(5e18, "5.0 EB")]
    public void Sizes_are_told_in_two_or_three_digits(double bytes, string expected) => Assert.Equal(expected, Amounts.Bytes(bytes));

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(99, "99 s")]
    [InlineData(100, "2 min")]
    [InlineData(7000, "2 h")]
    public void Time_left_is_rough(double seconds, string expected) => Assert.Equal(expected, Moments.Rough(TimeSpan.FromSeconds(seconds)));

    private static Progress Bytes(long done, long? total = null) => new("Saving", done, total, ProgressUnit.Bytes);

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Advance(double seconds) => _now += (long)(seconds * 1000);
    }
}
