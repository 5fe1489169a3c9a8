using Replicate.Tests.Support;
using static Replicate.Tests.Reports.ReportPages;

namespace Replicate.Tests.Reports;

/// <summary>Params against metrics in a report, by mouse and by keyboard.</summary>
public class ReportParamsTests(TestBrowser browser)
{
    [Fact]
    public async Task A_brush_on_an_axis_filters_the_table_by_mouse()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        Assert.Equal(["layers", "learning_rate log", "optimizer", "loss"], await page.TextsAsync(".axis .name"));

        // Layers 1 to 4 from below to above: the lower half has 1 and 2.
        var box = await page.BoxAsync(Key("brush params.layers"));
        await page.DragAsync(box[0] + 12, box[1] + box[3] - 2, box[0] + 12, box[1] + (box[3] / 2));
        await page.WaitForColumnAsync("layers", "1", "2");
        Assert.Equal(["params.layers <= 2×"], await page.TextsAsync(".chips li"));

        // A press takes the brush off.
        await page.CallAsync("mouse.click", box[0] + 12, box[1] + (box[3] / 4));
        await page.WaitForColumnAsync("layers", "1", "2", "3", "4");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task The_ends_of_a_brush_are_sliders_of_values_for_keys()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        await page.TabToAsync("low params.learning_rate");
        await page.PressAsync("ArrowUp");
        await page.WaitForColumnAsync("learning_rate", "0.1", "0.01", "0.001");
        Assert.Equal("0.001", await page.EvaluateAsync<string>("document.activeElement.ariaValueText ?? document.activeElement.getAttribute('aria-valuetext')"));
        await page.TabToAsync("high params.learning_rate");
        await page.PressAsync("ArrowDown");
        await page.WaitForColumnAsync("learning_rate", "0.01", "0.001");
        await page.TabToAsync("low params.optimizer");
        await page.PressAsync("ArrowUp");
        await page.WaitForColumnAsync("optimizer", "sgd");
        Assert.Equal(
            ["params.learning_rate >= 0.001×", "params.learning_rate <= 0.01×", "params.optimizer = \"sgd\"×"], await page.TextsAsync(".chips li"));
        await page.PressAsync("Home");
        await page.WaitForColumnAsync("optimizer", "sgd", "adam");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Any_two_are_scattered_and_a_press_on_a_point_chooses_its_run()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        await page.TabToAsync("across");
        await page.CallAsync("selectOption", Key("across"), "metrics.accuracy");
        await page.WaitForAsync("document.querySelector('.scatter svg').getAttribute('aria-label') === 'loss against accuracy of 4 experiments'");
        Assert.Equal("4 experiments, rank correlation -1.00.", await page.EvaluateAsync<string>("document.querySelector('.scatter .hint').textContent"));
        await page.CallAsync("hover", ".scatter circle:last-of-type");
        await page.WaitForAsync("document.querySelector('.scatter .hint').textContent === 'aaaaaaa accuracy 0.96, loss 0.4'");
        await page.CallAsync("click", ".scatter circle:last-of-type");
        await page.WaitForAsync("document.querySelector('.actions .count').textContent === '1 chosen'");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Importance_is_what_a_param_explains_and_correlation_is_of_ranks()
    {
        using var directory = new TemporaryDirectory();
        Experiment[] runs =
        [
            .. from rate in new[] { 0.1, 0.01, 0.001 }
               from seed in new[] { 1, 2, 3 }
               select Queries.Sample.Experiment(
                   $"{rate}{seed}".Replace(".", "", StringComparison.Ordinal).PadLeft(8, 'a'), new { rate, seed },
                   checkpoints: [Queries.Sample.Checkpoint($"c{rate}{seed}", 0, new { loss = rate + (seed / 1e6) }, "loss")]),
        ];
        await using var page = await browser.OpenReportAsync(directory, runs);

        // Ranks 1 to 9 in three groups of three: the root of 1 - (6 / 6) / (60 / 8) is 0.93, the correlation 54 / sqrt(54 * 60) is 0.95.
        Assert.Equal(
            ["rate|0.95|0.95|9", "seed|0.32|0.32|9"],
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.importance tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent).join('|'))"));
        Assert.Empty(await page.ProblemsAsync());
    }
}
