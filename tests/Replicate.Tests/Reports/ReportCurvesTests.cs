using Replicate.Tests.Support;
using static Replicate.Tests.Reports.ReportPages;

namespace Replicate.Tests.Reports;

/// <summary>The curves of a report, by mouse and by keyboard.</summary>
public class ReportCurvesTests(TestBrowser browser)
{
    private const string Losses = "[...document.querySelectorAll('.legend tbody tr')].map((row) => row.children[1].textContent).join()";

    [Fact]
    public async Task The_values_of_all_runs_at_a_step_are_told_under_the_pointer_and_by_keys()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        Assert.Equal("0.4,0.6,0.8,1", await page.EvaluateAsync<string>(Losses));
        Assert.Equal(2, await page.EvaluateAsync<int>("document.querySelectorAll('.curve canvas').length"));
        await page.TabToAsync("cursor");
        await page.PressAsync("ArrowLeft", "ArrowLeft");
        await page.WaitForAsync($"{Losses} === '1,2,2.5,3.5'");
        Assert.Equal("step 1", await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-valuetext')"));

        // At the right end of the first plot both plots have the cursor, and a tip tells all, the best first.
        var box = await page.BoxAsync(".curve .u-over");
        await page.CallAsync("mouse.move", box[0] + 5, box[1] + 50);
        await page.CallAsync("mouse.move", box[0] + box[2] - 2, box[1] + 50);
        await page.WaitForAsync("document.querySelector('.tip')");
        Assert.Equal(["aaaaaaa 0.4", "bbbbbbb 0.6", "ccccccc 0.8", "ddddddd 1"], await page.TextsAsync(".tip div"));
        await page.WaitForAsync($"{Losses} === '0.4,0.6,0.8,1'");
        Assert.Equal(1, await page.EvaluateAsync<int>("new Set([...document.querySelectorAll('.u-cursor-x')].map((line) => Math.round(line.getBoundingClientRect().left - line.parentElement.getBoundingClientRect().left))).size"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Zoom_is_dragged_or_pressed_and_the_address_keeps_it()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        var box = await page.BoxAsync(".curve .u-over");
        await page.DragAsync(box[0] + (box[2] / 3), box[1] + 40, box[0] + (2 * box[2] / 3), box[1] + 40);
        await page.WaitForAsync("location.hash.includes('zoom')");
        Assert.Equal("1,2", await RangeAsync(page));
        await page.TabToAsync("pan right");
        await page.PressAsync("Enter");
        await page.WaitForAsync("location.hash.includes('zoom=1.2')");
        await page.TabToAsync("zoom all");
        await page.PressAsync("Enter");
        await page.WaitForAsync("!location.hash.includes('zoom')");
        await page.TabToAsync("zoom in", "Shift+Tab");
        await page.PressAsync("Enter");
        await page.WaitForAsync("location.hash.includes('zoom')");
        Assert.Equal("0.8,2.3", await RangeAsync(page));
        await page.CallAsync("dblclick", ".curve .u-over");
        await page.WaitForAsync("!location.hash.includes('zoom')");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Theory]
    [InlineData("relative", "after 4 min")]
    [InlineData("wall", "2026-11-21")]
    [InlineData("step", "step 3")]
    public async Task Axes_are_steps_time_since_the_start_and_time_of_day(string axis, string end)
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        await page.CallAsync("selectOption", Key("x"), axis);
        await page.WaitForAsync($"document.querySelector('.at-cursor output').textContent.startsWith('{end}')");
        await page.CallAsync("check", Key("log"));
        await page.WaitForAsync("location.hash.includes('log=1')");
        Assert.Equal("0.4,0.6,0.8,1", await page.EvaluateAsync<string>(Losses));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Groups_are_a_mean_with_its_deviation_and_a_lost_run_is_dashed()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        Assert.Equal(1, await page.EvaluateAsync<int>("document.querySelectorAll('.legend .swatch.lost').length"));
        Assert.Contains("Dashed: lost", await page.EvaluateAsync<string>("document.querySelector('[aria-labelledby=curves-title] > .hint').textContent"), StringComparison.Ordinal);
        await page.CallAsync("selectOption", Key("group"), "params.optimizer");
        await page.WaitForAsync($"{Losses} === '0.6 ± 0.28,0.8 ± 0.28'");
        Assert.Equal(["optimizer = adam", "optimizer = sgd"], await page.TextsAsync(".legend tbody th"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Smoothing_draws_other_lines_and_metrics_are_chosen()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        const string Drawn = "document.querySelector('.curve canvas').toDataURL()";
        await page.EvaluateAsync<object?>($"void (window.before = {Drawn})");
        await page.TabToAsync("smooth");
        await page.PressAsync("End");
        await page.WaitForAsync($"location.hash.includes('smooth=0.99') && {Drawn} !== window.before");
        await page.TabToAsync("metrics", "Shift+Tab");
        await page.PressAsync("Enter");
        await page.TabToAsync("metric accuracy");
        await page.PressAsync("Space");
        await page.WaitForAsync("document.querySelectorAll('.curve').length === 1");
        Assert.Equal(["loss"], await page.TextsAsync(".curve figcaption"));

        // A name in the legend keeps all params that differ.
        Assert.Equal("layers=1, learning_rate=0.1, optimizer=adam", (await page.TextsAsync(".legend .about"))[0]);
        Assert.Empty(await page.ProblemsAsync());
    }

    private static Task<string> RangeAsync(BrowserPage page) =>
        page.EvaluateAsync<string>("new URLSearchParams(location.hash.slice(1)).get('zoom').split(',').map((place) => Math.round(place * 10) / 10).join()");
}
