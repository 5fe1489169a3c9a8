using Replicate.Tests.Support;
using static Replicate.Tests.Reports.ReportPages;

namespace Replicate.Tests.Reports;

/// <summary>What a run wrote, in a report.</summary>
public class ReportLogTests(TestBrowser browser)
{
    [Fact]
    public async Task The_end_of_the_log_is_shown_as_text_with_the_command_for_all_of_it()
    {
        using var test = new TestProject();
        var experiment = await test.CreateAsync();
        var log = await experiment.OpenLogAsync(TestContext.Current.CancellationToken);
        log.Write(string.Join('\n', Enumerable.Range(1, 300).Select(i => $"line {i}")));
        log.Write("<script>alert(1)</script>\u202e", isError: true);
        await experiment.StopAsync(cancellationToken: TestContext.Current.CancellationToken);

        await using var page = await browser.OpenReportAsync(test.Directory, await test.ListAsync(), $"#view=experiment&run={experiment.ShortId}");
        await page.WaitForAsync("document.querySelector('.log')");

        var shown = Assert.Single(await page.TextsAsync(".log pre")).Split('\n');
        Assert.Equal(Enumerable.Range(102, 199).Select(i => $"line {i}"), shown[..^1]);
        Assert.Equal(@"<script>alert(1)</script>\u202e", shown[^1]);
        Assert.Contains($"Get-ReplicateLog {experiment.Id[..16]} -Repository {test.Project.Repository}", await page.TextsAsync("code"));
        Assert.Empty(await page.ProblemsAsync());
    }
}
