using Replicate.Queries;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class FilterCompletionTests
{
    private static readonly Experiment[] Experiments =
    [
        Experiment("a", new Dictionary<string, object?> { ["learning rate"] = 0.1, ["opt"] = "adam", ["amp"] = true, ["user"] = 1, ["odd"] = "12" },
            checkpoints: [Checkpoint("ca", 1, new { loss = 0.5 })]),
        Experiment("b", new Dictionary<string, object?> { ["learning rate"] = 0.02, ["opt"] = "sgd \"x\"", ["amp"] = false, ["loss"] = 3 },
            checkpoints: [Checkpoint("cb", 2, new { loss = 0.25 })]),
    ];

    [Theory]
    [InlineData("lo", "loss ")]
    [InlineData("LO", "loss ")]
    [InlineData("learn", "\"learning rate\" ")]
    [InlineData("\"learn", "\"learning rate\" ")]
    [InlineData("params.", "params.loss |params.user ")]
    [InlineData("opt", "opt ")]
    [InlineData("xyz", "")]
    public void A_name_is_completed(string typed, string expected) => Assert.Equal(expected, Texts(typed));

    [Theory]
    [InlineData("loss ", "loss = |loss != |loss < |loss <= |loss > |loss >= ")]
    [InlineData("\"learning rate\" ", "\"learning rate\" = |\"learning rate\" != |\"learning rate\" < |\"learning rate\" <= |\"learning rate\" > |\"learning rate\" >= ")]
    [InlineData("loss <", "loss < |loss <= ")]
    [InlineData("loss<", "loss < |loss <= ")]
    [InlineData("loss!=", "loss != ")]
    [InlineData("status ", "status = |status != ")]
    [InlineData("status !=", "status != ")]
    public void An_operator_is_completed(string typed, string expected) => Assert.Equal(expected, Texts(typed));

    [Theory]
    [InlineData("loss < ", "loss < 0.25|loss < 0.5")]
    [InlineData("loss <0.2", "loss <0.25")]
    [InlineData("opt = ", "opt = adam|opt = sgd \"x\"")]
    [InlineData("opt = s", "opt = sgd \"x\"")]
    [InlineData("odd = ", "odd = \"12\"")]
    [InlineData("amp = t", "amp = true")]
    [InlineData("status = com", "status = completed")]
    [InlineData("\"learning rate\" >= 0", "\"learning rate\" >= 0.02|\"learning rate\" >= 0.1")]
    public void A_recorded_value_is_completed(string typed, string expected) => Assert.Equal(expected, Texts(typed));

    [Fact]
    public void Whatever_is_completed_to_its_end_is_a_condition_that_something_fulfils()
    {
        foreach (var name in FilterCompletion.Of("", Experiments).Where(name => name.Tip != "field"))
        {
            foreach (var value in FilterCompletion.Of(name.Text + "= ", Experiments))
            {
                var filter = Filter.Parse(value.Text);
                Assert.True(Experiments.Any(filter.Matches), value.Text);
            }
        }
    }

    private static string Texts(string typed) =>
        string.Join('|', FilterCompletion.Of(typed, Experiments).Select(suggestion => suggestion.Text));
}
