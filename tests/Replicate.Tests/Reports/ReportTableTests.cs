using Replicate.Tests.Support;
using static Replicate.Tests.Reports.ReportPages;

namespace Replicate.Tests.Reports;

/// <summary>The table of a report, by mouse and by keyboard.</summary>
public class ReportTableTests(TestBrowser browser)
{
    private static readonly string[] AtFirst =
        ["loss", "trend", "layers", "learning_rate", "optimizer", "Status", "Created", "User", "Step", "Duration"];

    [Fact]
    public async Task The_best_is_first_with_its_metric_beside_it()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known(), width: 390);
        Assert.Equal(["0.4", "0.6", "0.8", "1"], await page.ColumnAsync("loss"));
        Assert.Equal(["aaaaaaa★", "bbbbbbb", "ccccccc", "ddddddd"], await page.ColumnAsync("Experiment"));

        // On a phone the metric is in view, and nothing is wider than the window.
        var box = await page.BoxAsync(Key("sort metrics.loss"));
        Assert.InRange(box[0] + box[2], 0, 390);
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Words_are_looked_for_as_they_are_typed_and_an_id_is_no_error()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        await page.TabToAsync("filter");
        await page.TypeAsync("ccccccc");
        await page.WaitForColumnAsync("Experiment", "ccccccc");
        await page.PressAsync("Enter");
        Assert.Equal("", await page.EvaluateAsync<string>("document.getElementById('filter-error').textContent"));

        // All words must be there, of params as name=value.
        await page.CallAsync("fill", "#filter", "SGD ben");
        await page.WaitForColumnAsync("Experiment", "bbbbbbb", "ddddddd");
        await page.CallAsync("click", Key("chip search"));
        await page.WaitForColumnAsync("loss", "0.4", "0.6", "0.8", "1");
        Assert.Equal("", await page.EvaluateAsync<string>("document.getElementById('filter').value"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Columns_are_pinned_moved_widened_and_hidden_by_keyboard_and_the_address_keeps_it()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        Assert.Equal(AtFirst, await page.TitlesAsync());
        await ChooseAsync(page, "menu params.optimizer", "Pin to the left");
        await page.WaitForAsync("document.querySelector('.runs thead .sort bdi').textContent === 'optimizer'");
        await ChooseAsync(page, "menu metrics.loss", "Move right");
        await page.WaitForAsync("[...document.querySelectorAll('.runs thead .sort bdi')][1].textContent === 'trend'");
        var width = (await page.BoxAsync($".runs th:has({Key("sort params.layers")})"))[2];
        await ChooseAsync(page, "menu params.layers", "Wider");
        await page.WaitForAsync($"document.querySelector('.runs th:has({Key("sort params.layers")})').getBoundingClientRect().width > {width + 30}");
        await ChooseAsync(page, "menu status", "Hide");
        string[] wanted = ["optimizer", "trend", "loss", "layers", "learning_rate", "Created", "User", "Step", "Duration"];
        await page.WaitForAsync("document.querySelectorAll('.runs thead .sort').length === 9 && location.hash.includes('column') && !location.hash.includes('status')");
        Assert.Equal(wanted, await page.TitlesAsync());

        await page.CallAsync("reload");
        await page.WaitForAsync("document.querySelectorAll('.runs thead .sort').length === 9");
        Assert.Equal(wanted, await page.TitlesAsync());
        Assert.True((await page.BoxAsync($".runs th:has({Key("sort params.layers")})"))[2] > width + 30);
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Columns_are_moved_and_resized_by_mouse_and_chosen_from_a_list()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        await page.CallAsync("dragAndDrop", Key("sort params.optimizer"), Key("sort metrics.loss"), new { targetPosition = new { x = 3, y = 8 } });
        await page.WaitForAsync("document.querySelector('.runs thead .sort bdi').textContent === 'optimizer'");
        var box = await page.BoxAsync(Key("resize params.optimizer"));
        var width = (await page.BoxAsync($".runs th:has({Key("sort params.optimizer")})"))[2];
        await page.DragAsync(box[0] + 4, box[1] + 10, box[0] + 104, box[1] + 10);
        await page.WaitForAsync($"Math.abs(document.querySelector('.runs th:has({Key("sort params.optimizer")})').getBoundingClientRect().width - {width + 100}) < 10");
        await page.WaitForAsync("location.hash.includes('width=params.optimizer')");

        await page.CallAsync("click", Key("columns"));
        await page.CallAsync("check", Key("column metrics.accuracy"));
        await page.WaitForAsync("[...document.querySelectorAll('.runs thead .sort bdi')].at(-1).textContent === 'accuracy'");
        Assert.Equal(["0.96", "0.94", "0.92", "0.9"], await page.ColumnAsync("accuracy"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Groups_tell_mean_deviation_and_count_and_open()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        await page.CallAsync("selectOption", Key("group"), "params.optimizer");
        await page.WaitForAsync("document.querySelector('tr.group')");
        Assert.Equal(["▸ 2 runs", "▸ 2 runs"], await page.ColumnAsync("Experiment"));
        Assert.Equal(["adam", "sgd"], await page.ColumnAsync("optimizer"));
        Assert.Equal(["0.6 ± 0.28", "0.8 ± 0.28"], await page.ColumnAsync("loss"));
        await page.TabToAsync("group adam");
        await page.PressAsync("Enter");
        await page.WaitForColumnAsync("loss", "0.6 ± 0.28", "0.4", "0.8", "0.8 ± 0.28");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Cells_are_coloured_from_worst_to_best_and_not_where_it_is_taken_off()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known());
        const string Shares = "[...document.querySelectorAll('.runs td:nth-child(3)')].map((cell) => /([\\d.]+)%/.exec(cell.style.background)?.[1] ?? 'none').join()";
        Assert.Equal("62,41,21,0", await page.EvaluateAsync<string>(Shares));
        await ChooseAsync(page, "menu metrics.loss", "Without colours");
        await page.WaitForAsync($"{Shares} === 'none,none,none,none'");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task The_list_is_copied_as_CSV_as_Markdown_and_as_the_command_that_gives_it()
    {
        using var test = new TestProject();
        for (var i = 0; i < 2; i++)
        {
            var experiment = await test.CreateAsync(new System.Collections.Hashtable { ["rate"] = 0.1 * (i + 1), ["name"] = $"=a,{i}" });
            await experiment.AddAsync(ExperimentSteps.Loss(2 - i), primary: new PrimaryMetric("loss", Goal.Minimize));
        }

        var runs = await test.ListAsync();
        await using var page = await browser.OpenReportAsync(
            test.Directory, runs, "#column=metrics.loss&column=params.name&filter=params.rate%20>%200.05");
        await page.EvaluateAsync<object?>("document.addEventListener('copy', () => (window.copied = document.activeElement.value ?? ''), true); Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } })");

        await ChooseAsync(page, "copy menu", "copy CSV");
        await page.WaitForAsync("window.copied");
        Assert.Equal(
            $"id,loss,name\r\n{runs[1].Id},1,\"'=a,1\"\r\n{runs[0].Id},2,\"'=a,0\"", await page.EvaluateAsync<string>("copied"));
        await ChooseAsync(page, "copy menu", "copy Markdown");
        await page.WaitForAsync("copied[0] === '|'");
        Assert.Equal(
            $"| id | loss | name |\n| --- | --: | --- |\n| {runs[1].ShortId} | 1 | =a,1 |\n| {runs[0].ShortId} | 2 | =a,0 |",
            await page.EvaluateAsync<string>("copied"));
        await ChooseAsync(page, "copy menu", "copy PowerShell command");
        await page.WaitForAsync("copied.startsWith('Get-')");
        Assert.Equal(
            $"Get-ReplicateExperiment -Filter 'params.rate > 0.05' -Sort 'metrics.loss-asc' -Repository {test.Project.Repository}",
            await page.EvaluateAsync<string>("copied"));
        Assert.Empty(await page.ProblemsAsync());
    }

    /// <summary>Opens a menu by its key, and chooses one of its items, by keyboard.</summary>
    private static async Task ChooseAsync(BrowserPage page, string menu, string item)
    {
        await page.CallAsync("focus", Key(menu));
        await page.PressAsync("Enter");
        await page.WaitForAsync($"document.querySelector('.popover {Key(item)}')");
        await page.TabToAsync(item);
        await page.PressAsync("Enter");
        await page.WaitForAsync("!document.querySelector('.popover')");
    }
}
