namespace Replicate.Tests.Model;

public class TimestampTests
{
    [Fact]
    public void Nanoseconds_survive() =>
        Assert.Equal("2026-11-21T08:30:17.785232067Z", Timestamp.TryParse("2026-11-21T08:30:17.785232067Z", out var t) ? t.ToString() : "");
}
