using Replicate.Charts;
using Replicate.Tests.Support;

namespace Replicate.Tests.Charts;

public class PlotPageTests(TestBrowser browser)
{
    private const string Drawn = "document.documentElement.dataset.drawn === 'true'";

    // The lines that can be seen; Vega gives each a path of its own.
    private const string CountLines = "[...document.querySelectorAll('.mark-line.role-mark path')].filter(path => path.getAttribute('d')).length";

    [Theory]
    [MemberData(nameof(TerminalChartTests.Names), MemberType = typeof(TerminalChartTests))]
    public async Task A_page_draws_from_disk_without_a_network_or_a_complaint(string name)
    {
        using var directory = new TemporaryDirectory();
        await using var page = await OpenAsync(directory, name);

        Assert.Empty(await page.ProblemsAsync());
        Assert.True(await page.EvaluateAsync<int>("document.querySelectorAll('#chart svg path').length") > 5);
    }

    [Fact]
    public async Task Hostile_names_are_text()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await OpenAsync(directory, "hostile");

        Assert.Contains("<script>alert", await page.EvaluateAsync<string>("document.querySelector('h1').textContent"), StringComparison.Ordinal);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('main script, main img, main b').length"));
        await page.CallAsync("mouse.move", 150, 300);
        await page.CallAsync("mouse.move", 160, 310);
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task A_click_in_the_legend_hides_a_line_and_another_shows_it_again()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await OpenAsync(directory, "curves");
        Assert.Equal(3, await page.EvaluateAsync<int>(CountLines));

        await page.CallAsync("click", ".role-legend-entry .mark-text text >> nth=0");
        await page.WaitForAsync($"{CountLines} === 2");
        await page.CallAsync("click", ".role-legend-entry .mark-text text >> nth=0");
        await page.WaitForAsync($"{CountLines} === 3");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task The_pointer_is_told_values_and_the_wheel_zooms()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await OpenAsync(directory, "curves");
        const string Ticks = "document.querySelector('.role-axis-label').textContent";
        var before = await page.EvaluateAsync<string>(Ticks);

        await page.CallAsync("mouse.move", 400, 300);
        await page.CallAsync("mouse.move", 402, 302);
        await page.WaitForAsync("document.getElementById('vg-tooltip-element')?.textContent.includes('experiment')");
        await page.CallAsync("mouse.wheel", 0, -600);
        await page.WaitForAsync($"{Ticks} !== '{before}'");
        Assert.Empty(await page.ProblemsAsync());
    }

    private async Task<BrowserPage> OpenAsync(TemporaryDirectory directory, string name)
    {
        var file = directory.Combine($"{name}.html");
        await ChartFile.WriteAsync(Curves.Named(name), file, TestContext.Current.CancellationToken);
        var page = await browser.OpenAsync(file);
        await page.WaitForAsync(Drawn);
        return page;
    }
}
