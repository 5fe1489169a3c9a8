using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

/// <summary>A report is for everybody: screen readers, either scheme, a phone, paper.</summary>
public class ReportAccessTests(TestBrowser browser)
{
    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("#group=params.optimizer&open=sgd&filter=params.layers%20<%209", false)]
    [InlineData("#view=compare", false)]
    [InlineData("#view=compare", true)]
    [InlineData("#view=experiment&run=aaaaaaa", false)]
    [InlineData("#view=experiment&run=aaaaaaa", true)]
    public async Task Nothing_serious_stands_in_the_way_of_anybody(string state, bool isDark)
    {
        using var directory = new TemporaryDirectory();
        var file = await ReportSample.WriteAsync(directory, ReportSample.Known());
        await using var page = await browser.OpenAsync(file, dark: isDark);
        await page.EvaluateAsync<object?>($"void (location.hash = '{state}')");
        await page.CallAsync("reload");
        await page.WaitForAsync("document.querySelector('.plots, .headline')");
        Assert.Empty(await SeriousFindingsAsync(page));
    }

    [Fact]
    public async Task Nor_in_menus_and_saved_files()
    {
        using var test = new TestProject();
        test.Directory.Write("src/train.py", "import torch  # always\n");
        test.Directory.Write("src/scores.csv", "name,score\na,1\n");
        var run = await test.CreateAsync(path: "src");
        await run.AddAsync(ExperimentSteps.Loss(1));
        await using var page = await browser.OpenReportAsync(test.Directory, await test.ListAsync());
        foreach (var menu in new[] { "columns", "copy menu", "metrics", "menu metrics.loss" })
        {
            await page.CallAsync("click", ReportPages.Key(menu));
            await page.WaitForAsync("document.querySelector('.popover')");
            Assert.Empty(await SeriousFindingsAsync(page));
            await page.PressAsync("Escape");
        }

        await page.CallAsync("click", ReportPages.Key($"open {run.ShortId}"));
        foreach (var file in new[] { "src/train.py", "src/scores.csv" })
        {
            await page.CallAsync("click", ReportPages.Key($"file {file}"));
            await page.WaitForAsync("document.querySelector('.viewer .scroll')");
            Assert.Empty(await SeriousFindingsAsync(page));
        }
    }

    /// <summary>What axe-core finds that is serious or worse.</summary>
    private static async Task<string[]> SeriousFindingsAsync(BrowserPage page)
    {
        Needs.AxeCore.Require();
        await page.EvaluateAsync<object?>(await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "tests", "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken));
        return await page.EvaluateAsync<string[]>(
            """
            axe.run().then((found) => found.passes.length < 20 ? ['axe-core looked at next to nothing'] : found.violations
              .filter((one) => ['serious', 'critical'].includes(one.impact))
              .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`)))
            """);
    }

    [Fact]
    public async Task Paper_has_all_rows_and_no_buttons()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Generated(200, 2));
        Assert.InRange((await page.ColumnAsync("loss")).Length, 10, 100);
        await page.CallAsync("emulateMedia", new { media = "print" });
        await page.EvaluateAsync<object?>("dispatchEvent(new Event('beforeprint'))");
        await page.WaitForAsync("document.querySelectorAll('.runs tr[data-row]').length === 200");
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.toolbar, .choose, .controls')].filter((one) => one.getClientRects().length).length"));
        await page.CallAsync("emulateMedia", new { media = "screen" });
        await page.EvaluateAsync<object?>("dispatchEvent(new Event('afterprint'))");
        await page.WaitForAsync("document.querySelectorAll('.runs tr[data-row]').length < 100");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("#view=compare")]
    [InlineData("#view=experiment&run=aaaaaaa")]
    public async Task A_phone_never_has_a_page_wider_than_itself(string state)
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known(), state, width: 390);
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.ProblemsAsync());
    }
}
