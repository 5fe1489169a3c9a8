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

        // The best is first, with a star, before anything is pressed.
        Assert.Equal(["1.25", "2.25", "3.25"], await page.ColumnAsync("loss"));
        Assert.Equal("1.25", await page.EvaluateAsync<string>("document.querySelector('.star').closest('tr').children[2].textContent"));
        await page.TabToAsync("sort metrics.loss");
        await page.PressAsync("Enter", "Enter");
        await page.WaitForColumnAsync("loss", "3.25", "2.25", "1.25");
        Assert.Equal("descending", await page.EvaluateAsync<string>("document.activeElement.closest('th').ariaSort"));
        Assert.Contains("Sorted by loss, descending", await page.EvaluateAsync<string>("said.textContent"), StringComparison.Ordinal);
        await page.PressAsync("Enter");
        await page.WaitForColumnAsync("loss", "1.25", "2.25", "3.25");

        await page.CallAsync("focus", "#filter");
        await page.TypeAsync("rate <");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.getElementById('filter-error').textContent.includes(\"the value is missing after '<'\")");
        await page.TypeAsync(" 0.2");
        await page.PressAsync("Enter");
        await page.WaitForColumnAsync("loss", "2.25", "3.25");
        Assert.StartsWith("2 of 3 experiments", await page.EvaluateAsync<string>("document.querySelector('.summary').textContent"), StringComparison.Ordinal);

        await page.TabToAsync("choose ");
        await page.PressAsync("Space", "ArrowDown");
        await page.WaitForAsync("document.activeElement.closest('tr')?.dataset.row === '1'");
        await page.PressAsync("Space");
        await page.WaitForAsync("document.querySelector('.actions .count').textContent === '2 chosen'");
        await page.TabToAsync("compare", "Shift+Tab");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.querySelector('.pairs')");
        Assert.Equal(
            ["Metrics", "loss", "Params", "layers", "rate", "Experiment", "ID", "Created", "Checkpoint", "ID", "Created"],
            (await page.TextsAsync(".pairs tbody th")).Where(title => title != "Duration"));
        Assert.Equal(["−removedrate = 1", "+addedrate = 0"], (await page.TextsAsync(".diff tr.removed, .diff tr.added")).Select(text => text.TrimStart('3')));

        // Another checkpoint of the first.
        await page.TabToAsync("checkpoint 0");
        await page.PressAsync("ArrowUp");
        await page.WaitForAsync("document.querySelector('.pairs tbody').textContent.includes('2.3333')");

        // A reload shows the same, and Back leads to the table.
        await page.WaitForAsync("location.hash.includes('%402')");
        await page.CallAsync("reload");
        await page.WaitForAsync("document.querySelector('.pairs tbody')?.textContent.includes('2.3333')");
        await page.TabToAsync("view experiments");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.querySelector('table.runs')");
        Assert.Equal(["2.25", "3.25"], await page.ColumnAsync("loss"));
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
        await page.TabToAsync("copy PowerShell");
        await page.PressAsync("Enter");
        await page.WaitForAsync("said.textContent === 'Copied'");

        Assert.Contains("Of two lines.", await page.EvaluateAsync<string>("main.textContent"), StringComparison.Ordinal);
        await page.CallAsync("click", ReportPages.Key("file code/train.py"));
        await page.WaitForAsync("document.querySelector('table.code')?.textContent.includes(\"print('ü')\")");
        await page.CallAsync("click", ReportPages.Key("file code/model.bin"));
        await page.WaitForAsync("document.querySelector('.viewer').textContent.includes('ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc')");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Five_thousand_experiments_scroll_and_answer_a_key_with_few_rows_drawn()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await OpenAsync(directory, ReportSample.Generated(5000, 3));
        Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('.runs tbody tr').length"), 20, 100);
        await page.TabToAsync("sort params.layers");
        await page.PressAsync("Enter", "Enter");
        await page.WaitForAsync("document.querySelector('th[aria-sort=descending]')");
        Assert.All(await page.ColumnAsync("layers"), value => Assert.Equal("7", value));
        await page.TabToAsync("choose ");
        await page.PressAsync("End");
        await page.WaitForAsync("document.activeElement.closest('tr')?.dataset.row === '4999'");
        Assert.Equal("1", (await page.ColumnAsync("layers"))[^1]);
        Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('.runs tbody tr').length"), 20, 100);
        await page.CallAsync("focus", "#filter");
        await page.TypeAsync("layers = 3");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.querySelector('.summary').textContent.startsWith('714 of 5,000 experiments')");
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

        // While it is paused nothing reloads.
        await page.CallAsync("click", ReportPages.Key("live"));
        await page.WaitForAsync("document.querySelector('.live').ariaPressed === 'false'");
        await page.CallAsync("click", ReportPages.Key("sort params.layers"));
        await page.WaitForAsync("document.querySelector('th[aria-sort=ascending]')");
        await page.EvaluateAsync<object?>("document.querySelector('.runs-box').scrollTop = 200");
        experiments = ReportSample.Generated(31, 1);
        await page.CallAsync("click", ReportPages.Key("live"));
        await page.WaitForAsync(
            """
            document.querySelector('.summary')?.textContent.startsWith('31 experiments') && location.hash.includes('sort=params.layers-asc')
              && document.querySelector('.runs-box').scrollTop === 200 && document.activeElement.dataset.key === 'live'
            """);

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        await page.WaitForAsync("document.querySelector('.summary') && !document.querySelector('.live')");
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task A_heartbeat_that_stops_and_a_page_that_nobody_writes_any_more_are_seen()
    {
        using var directory = new TemporaryDirectory();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var path = directory.Combine("report.html");
        IReadOnlyList<Experiment> experiments = [Sample.Experiment("aaaaaaa1", running: true), Sample.Experiment("bbbbbbb2")];
        var watching = new Report(new ReportOptions()).WatchAsync(
            _ => Task.FromResult(experiments), path, TimeSpan.FromHours(1), cancellationToken: ending.Token);
        while (!File.Exists(path))
        {
            await Task.Delay(20, ending.Token);
        }

        await using var page = await browser.OpenAsync(path);
        await page.WaitForAsync("document.querySelector('.live')");
        Assert.Equal(["Running", "Stopped"], (await page.ColumnAsync("Status")).Order());

        // Four hours later, by the clock of the browser.
        await page.CallAsync("clock.install", new { time = DateTime.UtcNow.AddHours(4).ToString("o") });
        await page.CallAsync("reload");
        await page.WaitForAsync("document.querySelector('.stale')?.textContent.startsWith('Nothing new for 4 h')");
        Assert.Contains("Runningno heartbeat", await page.ColumnAsync("Status"));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
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
        Assert.Contains(experiment.ShortId, await page.EvaluateAsync<string>("document.getElementById('notes').textContent"), StringComparison.Ordinal);
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
        await page.WaitForAsync("document.querySelectorAll('.parallel .axis').length > 1");
        Assert.Equal(2, await page.EvaluateAsync<int>("document.querySelectorAll('.runs tbody tr').length"));
        await page.CallAsync("waitForTimeout", 200);
        Assert.Empty(await page.ProblemsAsync());
    }

    private Task<BrowserPage> OpenAsync(TemporaryDirectory directory, IReadOnlyList<Experiment> experiments, string fragment = "") =>
        browser.OpenReportAsync(directory, experiments, fragment);
}
