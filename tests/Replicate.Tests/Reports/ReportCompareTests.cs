using System.Collections;
using Replicate.Tests.Support;
using static Replicate.Tests.Reports.ReportPages;

namespace Replicate.Tests.Reports;

/// <summary>Runs side by side in a report.</summary>
public class ReportCompareTests(TestBrowser browser)
{
    [Fact]
    public async Task Three_chosen_are_three_compared_with_deltas_by_the_goal()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await browser.OpenReportAsync(directory, ReportSample.Known(), "#chosen=bbbbbbb&chosen=aaaaaaa&chosen=ccccccc");
        await page.CallAsync("click", Key("compare"));
        await page.WaitForAsync("document.querySelector('.pairs')");
        Assert.Equal(["bbbbbbb", "aaaaaaa", "ccccccc"], await page.TextsAsync(".pairs thead a"));
        Assert.Equal(["0.6", "0.4 −0.2 (−33.3 %) better", "0.8 +0.2 (+33.3 %) worse"], await RowAsync(page, "loss"));
        Assert.Equal(["sgd", "adam", "adam"], await RowAsync(page, "optimizer"));
        Assert.Equal(["", "better", "worse"], await page.EvaluateAsync<string[]>(
            "[...[...document.querySelectorAll('.pairs tbody tr')].find((row) => row.children[0].textContent === 'loss').querySelectorAll('td')].map((cell) => cell.querySelector('.delta')?.className.split(' ')[1] ?? '')"));

        // Another baseline, one more run, one less, and what is equal, by keyboard.
        await page.TabToAsync("baseline 1");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.querySelector('.pairs thead a').textContent === 'aaaaaaa'");
        await page.TabToAsync("remove 2");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.querySelectorAll('.pairs thead a').length === 2");
        await page.CallAsync("selectOption", Key("add run"), "ddddddd");
        await page.WaitForAsync("document.querySelectorAll('.pairs thead a').length === 3");
        Assert.Equal(["0.4", "0.6 +0.2 (+50 %) worse", "1 +0.6 (+150 %) worse"], await RowAsync(page, "loss"));
        Assert.Empty(await RowAsync(page, "Step"));
        await page.CallAsync("check", Key("equal"));
        await page.WaitForAsync("document.querySelector('.pairs tr.equal')");
        Assert.Equal(["3", "3", "3"], await RowAsync(page, "Step"));
        Assert.Empty(await page.ProblemsAsync());
    }

    [Fact]
    public async Task Code_is_compared_in_the_colours_of_its_syntax_with_what_changed_marked()
    {
        using var test = new TestProject();
        foreach (var rate in new[] { "0.1", "0.2" })
        {
            test.Directory.Write("train.py", $"import torch  # always\n\ndef train():\n    return step(rate={rate}, name='x')\n");
            await test.CreateAsync(new Hashtable { ["rate"] = rate }, path: "train.py");
        }

        var runs = await test.ListAsync();
        await using var page = await browser.OpenReportAsync(test.Directory, runs, $"#view=compare&compare={runs[0].ShortId}&compare={runs[1].ShortId}");
        await page.WaitForAsync("document.querySelector('.diff')");
        Assert.Equal(["import", "def", "return"], await page.TextsAsync(".diff .unchanged .hljs-keyword, .diff .removed .hljs-keyword"));
        Assert.Equal(["1", "2"], await page.TextsAsync(".diff mark"));
        Assert.Equal(["'x'", "'x'"], await page.TextsAsync(".diff .hljs-string"));
        Assert.Empty(await page.ProblemsAsync());
    }

    private static Task<string[]> RowAsync(BrowserPage page, string name) => page.EvaluateAsync<string[]>(
        $"[...([...document.querySelectorAll('.pairs tbody tr')].find((row) => row.children[0].textContent === '{name}')?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent)");
}
