using System.Collections;
using Replicate.Reports;
using Replicate.Tests.Queries;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

/// <summary>The page in a browser, from disk and without a network.</summary>
public class ReportPageTests(TestBrowser browser)
{
    [Fact]
    public async Task Sorting_filtering_choosing_and_comparing_work_by_keyboard_alone()
    {
        using var test = new TestProject();
        for (var i = 0; i < 3; i++)
        {
            test.Directory.Write("train.py", $"import torch\n\nrate = {i}\n");
            var experiment = await test.CreateAsync(new Hashtable { ["rate"] = i / 10.0, ["layers"] = 4 - i }, path: "train.py");
            for (var step = 0; step < 4; step++)
            {
                await experiment.AddAsync(ExperimentSteps.Loss(3 - i + (1.0 / (step + 1))), step: step, primary: new PrimaryMetric("loss", Goal.Minimize));
            }
        }

        await using var page = await OpenAsync(test.Directory, await test.ListAsync());
        await page.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        Assert.Equal("", await page.EvaluateAsync<string>("location.hash"));

        await TabToAsync(page, "sort metrics.loss");
        await page.PressAsync("Enter");
        Assert.Equal(["1.25", "2.25", "3.25"], await ColumnAsync(page, "loss"));
        Assert.Equal("ascending", await page.EvaluateAsync<string>("document.activeElement.closest('th').ariaSort"));
        await page.PressAsync("Enter");
        Assert.Equal(["3.25", "2.25", "1.25"], await ColumnAsync(page, "loss"));
        Assert.Contains("Sorted by loss, descending", await page.EvaluateAsync<string>("said.textContent"), StringComparison.Ordinal);

        await page.CallAsync("focus", "#filter");
        await page.TypeAsync("rate <");
        await page.PressAsync("Enter");
        Assert.Contains("the value is missing after '<'", await page.EvaluateAsync<string>("document.getElementById('filter-error').textContent"), StringComparison.Ordinal);
        await page.TypeAsync(" 0.2");
        await page.PressAsync("Enter");
        Assert.Equal(["3.25", "2.25"], await ColumnAsync(page, "loss"));
        Assert.Equal("2 of 3 experiments", await page.EvaluateAsync<string>("document.querySelector('.summary').textContent"));

        await TabToAsync(page, "choose ");
        await page.PressAsync("Space", "ArrowDown", "Space");
        Assert.Equal("2 chosen", await page.EvaluateAsync<string>("document.querySelector('.actions .count').textContent"));
        await TabToAsync(page, "compare", "Shift+Tab");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.querySelector('.pairs')");
        Assert.Equal(
            ["Experiment", "ID", "Created", "Params", "layers", "rate", "Checkpoint", "ID", "Created", "Metrics", "loss"],
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.pairs tbody th')].map((e) => e.textContent)"));
        Assert.Equal(
            ["−removedrate = 0", "+addedrate = 1"],
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.diff tr.removed, .diff tr.added')].map((e) => e.textContent.replace(/^\\d/, ''))"));

        // Another checkpoint of the left side.
        await TabToAsync(page, "left checkpoint");
        await page.PressAsync("ArrowUp");
        await page.WaitForAsync("document.querySelector('.pairs').textContent.includes('step 2')");
        Assert.Contains("Step", await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.pairs tbody th')].map((e) => e.textContent)"));

        // A reload shows the same, and Back leads to the table.
        await page.CallAsync("reload");
        await page.WaitForAsync("document.querySelector('.pairs')?.textContent.includes('step 2')");
        await TabToAsync(page, "view experiments");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.querySelector('table.runs')");
        Assert.Equal(["3.25", "2.25"], await ColumnAsync(page, "loss"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task The_details_tell_how_to_check_out_and_show_the_code()
    {
        using var test = new TestProject();
        test.Directory.Write("code/train.py", "print('ü')\n");
        await File.WriteAllBytesAsync(test.Directory.Combine("code", "model.bin"), [0, 1, 2], TestContext.Current.CancellationToken);
        var experiment = await test.CreateAsync(path: "code");
        var checkpoint = await experiment.AddAsync(ExperimentSteps.Loss(1));
        await experiment.SetAsync(["best of all"], "A note.\nOf two lines.", TestContext.Current.CancellationToken);

        await using var page = await OpenAsync(test.Directory, await test.ListAsync(), $"#view=experiment&run={experiment.ShortId}");
        await page.WaitForAsync("document.querySelector('.commands')");
        var commands = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.commands code')].map((e) => e.textContent)");
        Assert.Equal(
            [
                $"Restore-ReplicateCheckpoint {checkpoint.Id[..16]} -OutputDirectory {checkpoint.ShortId} -Repository {test.Project.Repository}",
                $"replicate checkout {checkpoint.Id[..16]} -o {checkpoint.ShortId} -R {test.Project.Repository}",
            ],
            commands);
        await TabToAsync(page, "copy PowerShell");
        await page.PressAsync("Enter");
        await page.WaitForAsync("said.textContent === 'Copied'");

        await page.EvaluateAsync<object?>("document.querySelectorAll('details.file').forEach((e) => e.open = true)");
        await page.WaitForAsync("document.querySelector('table.code')");
        var text = await page.EvaluateAsync<string>("main.textContent");
        Assert.Contains("print('ü')", text, StringComparison.Ordinal);
        Assert.Contains("ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc", text, StringComparison.Ordinal);
        Assert.Contains("Of two lines.", text, StringComparison.Ordinal);
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Five_thousand_experiments_are_drawn_and_answer_a_key()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await OpenAsync(directory, ReportSample.Generated(5000, 3));
        Assert.Equal(20, await page.EvaluateAsync<int>("document.querySelectorAll('.runs tbody tr').length"));
        await TabToAsync(page, "sort params.layers");
        await page.PressAsync("Enter", "Enter");
        Assert.Equal(Enumerable.Repeat("7", 20), await ColumnAsync(page, "layers"));
        await page.CallAsync("focus", "#filter");
        await page.TypeAsync("layers = 3");
        await page.PressAsync("Enter");
        Assert.Equal("714 of 5,000 experiments", await page.EvaluateAsync<string>("document.querySelector('.summary').textContent"));
        await PlotsAsync(page);
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task A_watched_page_follows_by_reloading_itself_and_keeps_its_state()
    {
        using var directory = new TemporaryDirectory();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var path = directory.Combine("report.html");
        IReadOnlyList<Experiment> experiments = ReportSample.Generated(30, 1);
        var watching = new Report(new ReportOptions()).WatchAsync(
            _ => Task.FromResult(experiments), path, TimeSpan.FromSeconds(1), cancellationToken: ending.Token);
        while (!File.Exists(path))
        {
            await Task.Delay(20, ending.Token);
        }

        await using var page = await browser.OpenAsync(path);
        await page.WaitForAsync("document.querySelector('.live')");
        await page.EvaluateAsync<object?>("document.querySelector('[data-key=\"sort params.layers\"]').click()");
        experiments = ReportSample.Generated(31, 1);
        await page.WaitForAsync("document.querySelector('.summary')?.textContent === '31 experiments'");
        Assert.Contains("sort=params.layers-asc", await page.EvaluateAsync<string>("location.hash"), StringComparison.Ordinal);

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        await page.WaitForAsync("document.querySelector('.summary') && !document.querySelector('.live')");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task An_empty_repository_gives_a_page_that_says_so()
    {
        using var test = new TestProject();
        await using var page = await OpenAsync(test.Directory, await test.ListAsync());
        Assert.Equal("No experiments", await page.EvaluateAsync<string>("document.querySelector('h1').textContent"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Missing_tarballs_are_told_of_and_the_rest_is_there()
    {
        using var test = new TestProject();
        test.Directory.Write("train.py", "x");
        var experiment = await test.CreateAsync(path: "train.py");
        File.Delete(Path.Combine(test.RepositoryPath, "experiments", $"{experiment.Id}.tar.gz"));
        var log = new Warnings();
        using var heard = Log.SendTo(log);
        await using var page = await OpenAsync(test.Directory, await test.ListAsync());
        Assert.Contains($"could not be read and are not in this report: {experiment.ShortId}", Assert.Single(log.All), StringComparison.Ordinal);
        Assert.Contains(experiment.ShortId, await page.EvaluateAsync<string>("notes.textContent"), StringComparison.Ordinal);
        Assert.Equal(1, await page.EvaluateAsync<int>("document.querySelectorAll('.runs tbody tr').length"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Theory]
    [InlineData("one point")]
    [InlineData("one NaN")]
    [InlineData("all equal")]
    [InlineData("no primary metric")]
    [InlineData("no checkpoints")]
    [InlineData("negative on a log axis")]
    public async Task Odd_metrics_make_sensible_plots(string what)
    {
        Checkpoint[] Of(params object[] values) =>
            [.. values.Select((value, step) => Sample.Checkpoint($"c{step}", step, new { loss = value }, what == "no primary metric" ? null : "loss"))];
        var checkpoints = what switch
        {
            "one point" => Of(0.5),
            "one NaN" => Of(double.NaN),
            "all equal" => Of(1, 1, 1),
            "no checkpoints" => [],
            "negative on a log axis" => Of(-1, 0, 1e-300, double.PositiveInfinity),
            _ => Of(1, 0.5),
        };
        using var directory = new TemporaryDirectory();
        Experiment[] experiments =
        [
            Sample.Experiment("aaaaaaa1", new { opt = "adam", lr = 0.1 }, checkpoints: checkpoints),
            Sample.Experiment("bbbbbbb2", new { opt = "sgd", lr = double.NaN }, checkpoints: checkpoints),
        ];
        await using var page = await OpenAsync(directory, experiments, what == "negative on a log axis" ? "#log=1" : "");
        await page.WaitForAsync("document.querySelector('[aria-labelledby=parallel-title] .plot svg')");
        Assert.Equal(2, await page.EvaluateAsync<int>("document.querySelectorAll('.runs tbody tr').length"));
        await page.CallAsync("waitForTimeout", 200);
        Assert.Empty(await page.ProblemsAsync());
    }

    private async Task<BrowserPage> OpenAsync(TemporaryDirectory directory, IReadOnlyList<Experiment> experiments, string fragment = "")
    {
        var page = await browser.OpenAsync(await ReportSample.WriteAsync(directory, experiments));
        if (fragment.Length > 0)
        {
            await page.EvaluateAsync<object?>($"void (location.hash = '{fragment}')");
            await page.CallAsync("reload");
        }

        await page.WaitForAsync("document.getElementById('made').textContent !== ''");
        return page;
    }

    private static async Task PlotsAsync(BrowserPage page) => await page.WaitForAsync("document.querySelectorAll('.plot svg').length === 2");

    /// <summary>Presses Tab until what has that key, or the first that begins so, has the focus.</summary>
    private static async Task TabToAsync(BrowserPage page, string key, string tab = "Tab")
    {
        for (var i = 0; i < 150; i++)
        {
            if ((await page.EvaluateAsync<string>("document.activeElement.dataset.key ?? ''")).StartsWith(key, StringComparison.Ordinal))
            {
                return;
            }

            await page.PressAsync(tab);
        }

        Assert.Fail($"Tab does not lead to '{key}'.");
    }

    private static Task<string[]> ColumnAsync(BrowserPage page, string title) => page.EvaluateAsync<string[]>(
        $$"""
        (() => {
          const heads = [...document.querySelectorAll('.runs thead tr:last-child th')];
          const at = heads.findIndex((head) => head.querySelector('bdi')?.textContent === '{{title}}');
          return [...document.querySelectorAll('.runs tbody tr')].map((row) => row.children[at].textContent);
        })()
        """);
}
