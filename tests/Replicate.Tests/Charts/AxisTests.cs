using Replicate.Charts.Axes;

namespace Replicate.Tests.Charts;

public class AxisTests
{
    [Theory]
    [InlineData(0, 1, 5, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0, 0.3, 3, "0 0.1 0.2 0.3")]
    [InlineData(-1, 1, 4, "-1 -0.5 0 0.5 1")]
    [InlineData(0, 60_000, 3, "0 20k 40k 60k")]
    [InlineData(0, 1_500_000, 3, "0 0.5M 1M 1.5M")]
    [InlineData(0, 3e12, 3, "0 1e12 2e12 3e12")]
    [InlineData(0, 6e-5, 3, "0 2e-5 4e-5 6e-5")]
    [InlineData(1_000_000, 1_000_000.4, 2, "1000000 1000000.2 1000000.4")]
    public void Ticks_are_round_and_their_labels_short(double min, double max, int count, string expected) =>
        Assert.Equal(expected, Texts(Axis.Of("x", [min, max], isLog: false, AxisFit.Exact).Ticks(count)));

    [Theory]
    [InlineData(1e-5, 1, 6, "1e-5 1e-4 0.001 0.01 0.1 1")]
    [InlineData(1, 1e12, 4, "1 1e4 1e8 1e12")]
    [InlineData(0.2, 0.9, 5, "0.2 0.5")]
    [InlineData(0.5, 0.6, 5, "0.5 0.52 0.54 0.56 0.58 0.6")]
    public void Ticks_of_a_logarithmic_axis_are_powers_of_ten_or_round(double min, double max, int count, string expected) =>
        Assert.Equal(expected, Texts(Axis.Of("x", [min, max], isLog: true, AxisFit.Exact).Ticks(count)));

    [Fact]
    public void Steps_have_no_ticks_between_whole_numbers()
    {
        Assert.Equal("0 1 2", Texts(Axis.Of("step", [0, 2], isLog: false, AxisFit.Exact, isWhole: true).Ticks(8)));
        Assert.Equal("7", Texts(Axis.Of("step", [7], isLog: false, AxisFit.Exact, isWhole: true).Ticks(8)));
    }

    [Fact]
    public void An_axis_has_a_tick_however_little_room_there_is()
    {
        for (var i = 1; i < 2000; i++)
        {
            foreach (var isLog in new[] { false, true })
            {
                Assert.NotEmpty(Axis.Of("y", [0.0137 * i], isLog, AxisFit.Padded).Ticks(1));
                Assert.NotEmpty(Axis.Of("y", [0.0137 * i, 0.0141 * i], isLog, AxisFit.Exact).Ticks(2));
            }
        }
    }

    [Fact]
    public void Rounded_ends_are_ticks()
    {
        var axis = Axis.Of("y", [0.58, 1.42], isLog: false, AxisFit.Round);
        Assert.Equal((0.5, 1.5), (axis.Min, axis.Max));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(-1e308, 1e308)]
    [InlineData(double.MinValue, double.MaxValue)]
    [InlineData(double.MaxValue, double.MaxValue)]
    [InlineData(0, double.Epsilon)]
    [InlineData(double.Epsilon, double.Epsilon)]
    [InlineData(1, 1.0000000000000002)]
    [InlineData(1e300, 1.0000000000000001e300)]
    public void Whatever_the_values_are_an_axis_has_a_length_and_they_lie_on_it(double min, double max)
    {
        foreach (var fit in Enum.GetValues<AxisFit>())
        {
            foreach (var isLog in min > 0 ? new[] { false, true } : [false])
            {
                var axis = Axis.Of("x", [min, max], isLog, fit);
                Assert.InRange(axis.Position(min), 0, 1);
                Assert.InRange(axis.Position(max), 0, 1);
                Assert.All(axis.Ticks(5), tick => Assert.InRange(axis.Position(tick.Value), -0.001, 1.001));
                Assert.InRange(axis.Ticks(5).Count, 1, 8);
            }
        }
    }

    [Fact]
    public void Of_many_categories_some_are_labelled() =>
        Assert.Equal("a c e", Texts(Axis.OfCategories("x", ["a", "b", "c", "d", "e"]).Ticks(3)));

    private static string Texts(IEnumerable<Tick> ticks) => string.Join(' ', ticks.Select(tick => tick.Text));
}
