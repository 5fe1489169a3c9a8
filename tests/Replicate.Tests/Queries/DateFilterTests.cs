using System.Globalization;
using Replicate.Queries;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class DateFilterTests
{
    [Theory]
    [InlineData("created = 2026-11-21T08:30:17Z")]
    [InlineData("started = 2026-11-21T08:30:17Z")]
    [InlineData("created = 2026-11-21 08:30Z")]
    [InlineData("created = 2026-11-21T10:30:17+02:00")]
    [InlineData("created = \"2026-11-21T08:30:17.785Z\"")]
    [InlineData("created = 2026-11-21T08:30:17.7852321Z")]
    [InlineData("created = 2026-11-21T08:30:17.785232167Z")]
    [InlineData("created < 2026-11-21T08:30:18Z")]
    [InlineData("created > 2026-11-21T08:30:16Z")]
    [InlineData("created <= 2026-11-21T08:30:17Z")]
    [InlineData("created >= 2026-11-21T08:30:17Z")]
    [InlineData("created != 2026-11-21T08:31Z")]
    [InlineData("created != null")]
    public void It_matches(string filter) => Assert.True(Filter.Parse(filter).Matches(AtThatSecond));

    [Theory]
    [InlineData("created != 2026-11-21T08:30:17Z")]
    [InlineData("created < 2026-11-21T08:30:17Z")]
    [InlineData("created > 2026-11-21T08:30:17Z")]
    [InlineData("created = 2026-11-21T08:30:17.786Z")]
    [InlineData("created = 2026-11-21T08:30:17+02:00")]
    [InlineData("created = null")]
    public void It_does_not_match(string filter) => Assert.False(Filter.Parse(filter).Matches(AtThatSecond));

    [Theory]
    [InlineData(0, true)]
    [InlineData(23, true)]
    [InlineData(-1, false)]
    [InlineData(24, false)]
    public void A_date_without_a_time_is_that_whole_local_day(int hour, bool expected)
    {
        var experiment = Experiment(created: new DateTime(2026, 6, 15, 0, 0, 0, DateTimeKind.Local).AddHours(hour));
        Assert.Equal(expected, Filter.Parse("created = 2026-06-15").Matches(experiment));
        Assert.Equal(hour > 23, Filter.Parse("created > 2026-06-15").Matches(experiment));
        Assert.Equal(hour < 0, Filter.Parse("created < 2026-06-15").Matches(experiment));
        Assert.Equal(hour >= 0, Filter.Parse("created >= 2026-06-15").Matches(experiment));
        Assert.Equal(hour <= 23, Filter.Parse("created <= 2026-06-15").Matches(experiment));
    }

    [Fact]
    public void A_date_without_a_zone_is_local()
    {
        var noon = new DateTime(2026, 6, 15, 12, 0, 0, DateTimeKind.Local);
        Assert.True(Filter.Parse("created = 2026-06-15 12:00").Matches(Experiment(created: noon)));
    }

    [Fact]
    public void What_a_shell_makes_of_a_date_is_understood()
    {
        var created = new DateTime(2026, 6, 15, 12, 0, 0, DateTimeKind.Local);
        var text = created.AddHours(-1).ToString(CultureInfo.InvariantCulture);
        Assert.True(Filter.Parse($"created > {text}").Matches(Experiment(created: created)));
    }

    [Theory]
    [InlineData("created > yesterday")]
    [InlineData("created > 2026")]
    [InlineData("created > 2026-13-01")]
    [InlineData("created > 2026-02-30")]
    [InlineData("created > 2026-11-21T25:00")]
    [InlineData("created > 1.5")]
    [InlineData("created = true")]
    [InlineData("created = \"\"")]
    public void What_is_no_date_is_refused(string filter)
    {
        var error = Assert.Throws<ReplicateException>(() => Filter.Parse(filter));
        Assert.Equal("InvalidFilter", error.Id);
        Assert.Contains("is no date", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("created < 9999-12-31")]
    [InlineData("created < 9999-12-31T23:59:59.9999999Z")]
    [InlineData("created > 0001-01-01")]
    public void The_ends_of_time_are_dates(string filter) => Assert.True(Filter.Parse(filter).Matches(AtThatSecond));

    private static Experiment AtThatSecond { get; } = new(
        null!, new ExperimentMetadata { Id = "e1", Created = At("2026-11-21T08:30:17.785232167Z") }, null);

    private static Timestamp At(string text) => Timestamp.TryParse(text, out var at) ? at : throw new FormatException(text);
}
