namespace Replicate.Tests.Basics;

public class TimestampTests
{
    [Fact]
    public void Nanoseconds_survive() =>
        Assert.Equal("2026-11-21T08:30:17.785232067Z", Timestamp.TryParse("2026-11-21T08:30:17.785232067Z", out var t) ? t.ToString() : "");

    [Theory]
    [InlineData("9999-12-31T23:59:59.999922.123456Z")]
    [InlineData("9999-12-31T23:59:59.9,9Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void What_is_no_date_is_refused(string text) => Assert.False(Timestamp.TryParse(text, out _));
}
