using Replicate.Reports;
using Replicate.Tests.Support;
using static Replicate.Tests.Reports.ReportPages;

namespace Replicate.Tests.Reports;

/// <summary>The saved files of a run in a report.</summary>
public class ReportFilesTests(TestBrowser browser)
{
    // A PNG of one pixel, and of a width that its header says.
    private static byte[] Png(byte width)
    {
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        return [.. png, width];
    }

    [Fact]
    public async Task The_tree_leads_to_text_tables_and_pictures_of_each_step_with_the_command_for_each()
    {
        using var test = new TestProject();
        test.Directory.Write("src/train.py", "import torch\n");
        var experiment = await test.CreateAsync(path: "src");
        for (var step = 0; step < 3; step++)
        {
            test.Directory.Write("out/scores.csv", $"name,score\n\"a, b\",{step}\n");
            test.Directory.Write("out/curve.svg", $"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><script>alert({step})</script><circle r='{step + 5}'/></svg>");
            await File.WriteAllBytesAsync(test.Directory.Combine("out", "matrix.png"), Png((byte)step), TestContext.Current.CancellationToken);
            await experiment.AddAsync(ExperimentSteps.Loss(step), step: step, path: "out", primary: new PrimaryMetric("loss", Goal.Minimize));
        }

        var run = Assert.Single(await test.ListAsync());
        await using var page = await browser.OpenReportAsync(
            test.Directory, [run], $"#view=experiment&run={run.ShortId}", new ReportOptions { IncludesCheckpointFiles = true });
        await page.WaitForAsync("document.querySelector('.tree')");
        Assert.Equal(["▾ out", "curve.svg109 B", "matrix.png71 B", "scores.csv20 B", "▾ src", "train.py13 B"], await page.TextsAsync(".tree [role=treeitem]"));

        // By keyboard through the tree.
        await page.TabToAsync("directory out");
        await page.PressAsync("ArrowDown", "ArrowDown", "ArrowDown", "Enter");
        await page.WaitForAsync("document.querySelector('table.data')");
        Assert.Equal(["name", "score", "a, b", "0"], await page.TextsAsync("table.data :is(th, td)"));

        // The best step is the first; the slider leads to the others.
        await page.PressAsync("ArrowUp", "Enter");
        await page.WaitForAsync("document.querySelector('.image img')?.naturalWidth === 1");
        await page.TabToAsync("image step");
        await page.PressAsync("End");
        await page.WaitForAsync("document.activeElement.getAttribute('aria-valuetext') === 'step 2'");
        Assert.Equal(
            $"Restore-ReplicateCheckpoint {run.Checkpoints[2].Id[..16]} -Path out/matrix.png -OutputDirectory {run.Checkpoints[2].ShortId} -Repository {test.Project.Repository}",
            (await page.TextsAsync(".commands-of-file code"))[0]);

        // A drawing is a picture whose script does not run, and a text.
        await page.CallAsync("click", Key("file out/curve.svg"));
        await page.WaitForAsync("document.querySelector('.image img')?.naturalWidth === 20");
        await page.CallAsync("check", Key("as text"));
        await page.WaitForAsync("document.querySelector('.viewer table.code')?.textContent.includes('<script>alert(0)')");
        Assert.Empty(await page.ProblemsAsync());
    }
}
