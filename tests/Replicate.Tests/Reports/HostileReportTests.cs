using System.Collections;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

/// <summary>Whatever a repository holds is text in the page, and breaks nothing.</summary>
public class HostileReportTests(TestBrowser browser)
{
    private const string Script = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title='ran'\">";
    private static readonly string Long = string.Concat(Enumerable.Repeat("0123456789", 1000));

    [Fact]
    public async Task Hostile_content_neither_runs_nor_breaks_the_page()
    {
        using var test = new TestProject();
        for (var i = 0; i < 2; i++)
        {
            test.Directory.Write($"code/{Script.Replace('/', '\u2215')}.py", $"{Script}\n</style></script><!--\n\u202eright\u0007 to left {i}\n{Long}{i}\n");
            test.Directory.Write("code/\u05e9\u05dc\u05d5\u05dd \u202egnp.txt", $"\u05e9\u05dc\u05d5\u05dd {i}");
            var experiment = await test.Project.Experiments.CreateAsync(
                new ExperimentOptions
                {
                    Params = new Hashtable
                    {
                        [Script] = Script + i, ["\""] = "\"'`${1}" + i, ["</style>"] = i, ["__proto__"] = i, ["constructor"] = "</style>" + i, ["nan"] = double.NaN,
                        ["long"] = Long + i, ["\u05e9\u05dc\u05d5\u05dd\u202e"] = "\u05e9\u05dc\u05d5\u05dd" + i, ["datum['x'].y"] = i, [Long] = i, ["list"] = new object[] { Script, i },
                    },
                    Path = "code", Tags = [Script, "\u202e"], Note = Script + "\n" + Long, Command = $"train.py {Script} '{i}'", Heartbeat = HeartbeatMode.None,
                },
                cancellationToken: TestContext.Current.CancellationToken);
            for (var step = 0; step < 3; step++)
            {
                await experiment.AddAsync(
                    new Hashtable { [Script] = step + i + 0.5, ["a[0].b\\\"'"] = double.NaN, ["text"] = Script, ["__proto__"] = 1 - step },
                    primary: new PrimaryMetric(Script, Goal.Minimize));
            }

            await experiment.StopAsync(ExperimentStatus.Failed, 3, Script, cancellationToken: TestContext.Current.CancellationToken);
        }

        var experiments = await test.ListAsync();
        var file = await ReportSample.WriteAsync(test.Directory, experiments, new ReportOptions { Title = Script });
        await using var page = await browser.OpenAsync(file);
        await page.WaitForAsync("document.querySelector('.runs tbody tr[data-row]')");

        // Every column, sorted by each name, grouped by each param, and every metric drawn.
        await page.CallAsync("click", ReportPages.Key("columns"));
        await page.EvaluateAsync<object?>(ClickAll(".columns .popover input:not(:checked)"));
        await page.CallAsync("press", ReportPages.Key("columns"), "Escape");
        await page.EvaluateAsync<object?>(ClickAll(".runs thead .sort"));
        Assert.Equal("", await page.EvaluateAsync<string>("document.getElementById('filter-error').textContent"));
        await page.EvaluateAsync<object?>(
            "(async () => { const s = document.querySelector('[data-key=group]'); for (const o of [...s.options].reverse()) { s.value = o.value; s.dispatchEvent(new Event('change', { bubbles: true })); await new Promise(requestAnimationFrame); } })()");
        await page.CallAsync("fill", "#filter", $"\"{Script.Replace("\"", "\"\"", StringComparison.Ordinal)}\" != null");
        await page.CallAsync("press", "#filter", "Enter");
        await page.WaitForAsync("document.querySelector('.chips li') && document.querySelector('.summary').textContent.startsWith('2 experiments')");
        await page.EvaluateAsync<object?>(ClickAll(".runs tbody .choose input"));
        await page.WaitForAsync("document.querySelector('a.button')");
        await page.CallAsync("hover", ".canvas");

        await page.CallAsync("click", "a.button");
        await page.WaitForAsync("document.querySelectorAll('table.diff').length === 2");
        Assert.Contains("\\u202eright\\u0007", await page.EvaluateAsync<string>("document.querySelector('table.diff').textContent"), StringComparison.Ordinal);

        await page.CallAsync("click", "[data-key='view experiments']");
        await page.CallAsync("click", $"[data-key='open {experiments[0].ShortId}']");
        await page.WaitForAsync("document.querySelector('.commands')");
        await page.EvaluateAsync<object?>(ClickAll(".tree [data-key^='file ']"));
        await page.WaitForAsync("document.querySelector('table.code')");
        Assert.DoesNotContain(Long, await page.EvaluateAsync<string>("main.textContent"), StringComparison.Ordinal);
        await page.EvaluateAsync<object?>(ClickAll("button.more"));
        await page.WaitForAsync("main.textContent.includes('0123456789'.repeat(1000))");
        var text = await page.EvaluateAsync<string>("main.textContent");
        Assert.Contains(Long + "0", text, StringComparison.Ordinal);
        Assert.Contains(Script, text, StringComparison.Ordinal);
        Assert.Contains("NaN", text, StringComparison.Ordinal);

        Assert.Equal(Script, await page.EvaluateAsync<string>("document.title"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('main script, main img, main style').length"));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), "The page became wider than the window.");
        Assert.Empty(await page.ProblemsAsync());
    }

    /// <summary>Clicks all that a selector finds, one after another, each with its frame.</summary>
    private static string ClickAll(string selector) =>
        $$"""
        (async () => {
          const count = document.querySelectorAll("{{selector}}").length;
          for (let i = 0; i < count; i++) {
            const found = document.querySelectorAll("{{selector}}");
            (found.length === count ? found[i] : found[0])?.click();
            await new Promise(requestAnimationFrame);
          }
        })()
        """;
}
