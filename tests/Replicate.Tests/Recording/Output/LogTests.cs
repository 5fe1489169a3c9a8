using System.IO.Compression;
using System.Text;
using Replicate.Runs;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Output;

/// <summary>What was written to the log of an experiment, and what is read of it.</summary>
public class LogTests
{
    private const string Token40 = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_come_back_as_they_were_written_and_in_their_order()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var log = await experiment.OpenLogAsync(Token);
        log.Write("loss: 0.5");
        log.Write("two\nlines");
        log.Write("  oops\t!", isError: true);
        log.Write("\u00fcber");
        await log.FlushAsync();

        // Before its end, and by somebody else.
        var other = await new Project("file://.replicate", project.Directory.Path).Experiments.GetAsync(experiment.Id, Token);
        var lines = await other.ReadLogAsync(cancellationToken: Token).ToListAsync(Token);
        Assert.Equal(["loss: 0.5", "two", "lines", "  oops\t!", "\u00fcber"], lines.Select(line => line.Text));
        Assert.Equal([false, false, false, true, false], lines.Select(line => line.IsError));
        Assert.All(lines, line => Assert.InRange(line.Time, experiment.Created.AddSeconds(-1), DateTime.Now));
        Assert.Equal("  oops\t!", Assert.Single(await other.ReadLogEndAsync(2, errorOnly: true, Token)).Text);

        await experiment.StopAsync(cancellationToken: Token);
        var segment = Assert.Single(project.RepositoryFiles(), file => file.StartsWith($"logs/{experiment.Id}/", StringComparison.Ordinal));
        using var text = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(project.RepositoryPath, segment)), CompressionMode.Decompress));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z O loss: 0.5$", await text.ReadLineAsync(Token));
    }

    [Fact]
    public async Task A_secret_is_not_kept_nor_is_a_key_of_several_lines()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var log = await experiment.OpenLogAsync(Token);
        log.Write($"token={Token40}\n-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAsecret\nx\n-----END RSA PRIVATE KEY-----\nepoch 1");
        await experiment.StopAsync(cancellationToken: Token);

        var lines = await experiment.ReadLogAsync(cancellationToken: Token).Select(line => line.Text).ToListAsync(Token);

        Assert.Equal(["token=***", "***", "***", "***", "***", "epoch 1"], lines);
    }

    [Fact]
    public async Task Of_a_log_that_is_too_long_the_beginning_and_the_end_are_kept()
    {
        using var project = new TestProject();
        await using var run = await TrainingRun.StartAsync(project.Project, new RunOptions { MaxLog = 100_000 }, cancellationToken: Token);
        const int Count = 20_000;
        for (var i = 0; i < Count; i++)
        {
            run.KeepLine($"line {i}", isError: false);
        }

        var experiment = (await run.EndAsync(ExperimentStatus.Completed, 0)).Experiment;
        var lines = await experiment.ReadLogAsync(cancellationToken: Token).ToListAsync(Token);

        var gap = lines.FindIndex(line => line.Stream == LogStream.Note);
        var after = Count - (lines.Count - gap - 1);
        Assert.Equal(Enumerable.Range(0, gap).Concat(Enumerable.Range(after, Count - after)).Select(i => $"line {i}"), lines.Where(line => line.Stream != LogStream.Note).Select(line => line.Text));
        Assert.StartsWith($"{after - gap:N0} lines (", lines[gap].Text, StringComparison.Ordinal);
        Assert.InRange(gap, 1_000, 2_000);
        Assert.InRange(lines.Count - gap, 1_000, 2_000);
        Assert.Equal($"line {Count - 1}", Assert.Single(await experiment.ReadLogEndAsync(1, cancellationToken: Token)).Text);
    }

    [Fact]
    public async Task A_line_that_may_still_change_is_seen_as_it_is_and_kept_as_it_was_last()
    {
        using var project = new TestProject();
        await using var run = await TrainingRun.StartAsync(project.Project, new RunOptions(), cancellationToken: Token);
        var log = project.Project.Workspace.Lifetime.Logs.For(project.Project.Workspace, run.Experiment.Id, 1000);
        for (var i = 1; i <= 3; i++)
        {
            log.Add(isError: true, Encoding.UTF8.GetBytes($"\r{i}/3"));
            log.Flush();
            var seen = Assert.Single(await run.Experiment.ReadLogAsync(cancellationToken: Token).ToListAsync(Token));
            Assert.Equal(($"{i}/3", true), (seen.Text, seen.IsOpen));
        }

        log.Add(isError: true, "\ndone\n"u8);
        await run.EndAsync(ExperimentStatus.Completed, 0);

        var lines = await run.Experiment.ReadLogAsync(cancellationToken: Token).ToListAsync(Token);
        Assert.Equal([("3/3", false), ("done", false)], lines.Select(line => (line.Text, line.IsOpen)));
    }

    [Fact]
    public async Task Following_brings_each_line_once_and_ends_with_the_run()
    {
        using var project = new TestProject();
        var experiment = await project.Project.Experiments.CreateAsync(new ExperimentOptions(), cancellationToken: Token);
        var log = await experiment.OpenLogAsync(Token);
        log.Write("before\nlast before");
        await log.FlushAsync();
        var other = await new Project("file://.replicate", project.Directory.Path).Experiments.GetAsync(experiment.Id, Token);
        var lines = new List<string>();
        var following = Task.Run(
            async () =>
            {
                await foreach (var line in other.FollowLogAsync(tail: 1, cancellationToken: Token))
                {
                    lock (lines)
                    {
                        lines.Add(line.Text);
                    }
                }
            },
            Token);
        for (var i = 1; i <= 3; i++)
        {
            await UntilAsync(() => lines.Count == i);
            log.Write($"line {i}");
        }

        await UntilAsync(() => lines.Count == 4);
        await experiment.StopAsync(cancellationToken: Token);
        await following;

        Assert.Equal(["last before", "line 1", "line 2", "line 3"], lines);

        async Task UntilAsync(Func<bool> isSo)
        {
            for (var isOver = false; !isOver; await Task.Delay(20, Token))
            {
                lock (lines)
                {
                    isOver = isSo();
                }
            }
        }
    }

    [Fact]
    public async Task Lines_of_several_writers_are_read_in_the_order_of_time()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        using var first = new Replicate.Recording.Output.OutputLog(new(project.Project.Workspace.Repository.Store, experiment.Id, 1_000_000));
        await Task.Delay(5, Token);
        using var second = new Replicate.Recording.Output.OutputLog(new(project.Project.Workspace.Repository.Store, experiment.Id, 1_000_000));
        for (var i = 0; i < 6; i++)
        {
            (i % 2 == 0 ? first : second).AddLine(isError: false, $"line {i}");
            await Task.Delay(5, Token);
        }

        await first.FinishAsync();
        await second.FinishAsync();

        var all = Enumerable.Range(0, 6).Select(i => $"line {i}").ToArray();
        Assert.Equal(all, await experiment.ReadLogAsync(cancellationToken: Token).Select(line => line.Text).ToListAsync(Token));
        Assert.Equal(all[3..], (await experiment.ReadLogEndAsync(3, cancellationToken: Token)).Select(line => line.Text));
    }

    [Fact]
    public async Task A_hostile_segment_is_bounded_and_what_is_shown_of_it_does_no_harm()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await PutAsync(0, Zip(Encoding.UTF8.GetBytes("2026-11-27T21:31:05.123Z O \u001b[2J##vso[task.complete]\nno line of ours\n")));
        await PutAsync(1, Zip(new byte[200_000_000]));
        await PutAsync(2, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
        await PutAsync(3, Zip(Encoding.UTF8.GetBytes("2026-11-27T21:31:06.000Z E the end\n")));

        var lines = await experiment.ReadLogAsync(cancellationToken: Token).ToListAsync(Token);

        Assert.Equal("\u001b[2J##vso[task.complete]", lines[0].Text);
        Assert.StartsWith(@"\u001b[2J", lines[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("no line of ours", lines[1].Text);
        Assert.Equal("the end", lines[^1].Text);
        Assert.Equal(2, lines.Count(line => line.Stream == LogStream.Note && line.Text.Contains("is not shown", StringComparison.Ordinal)));
        Assert.InRange(lines.Sum(line => line.Text.Length), 0, 1_000_000);

        async Task PutAsync(int number, byte[] content) => await project.Project.Workspace.Repository.Store.PutAsync(
            $"logs/{experiment.Id}/20261127T213105123Z-00000000.{number:D6}.gz", ObjectContent.FromBytes(content), cancellationToken: Token);
    }

    [Fact]
    public async Task The_log_goes_with_its_experiment()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        (await experiment.OpenLogAsync(Token)).Write("text");

        await experiment.DeleteAsync(Token);

        Assert.Equal(["repository.json"], project.RepositoryFiles());
        Assert.False(Directory.Exists(Path.Combine(project.RepositoryPath, "logs", experiment.Id)));
    }

    private static byte[] Zip(byte[] text)
    {
        using var compressed = new MemoryStream();
        using (var member = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            member.Write(text);
        }

        return compressed.ToArray();
    }
}
