using System.Collections;
using System.Text;
using Replicate.Metadata;
using Replicate.Recording;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public class JournalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_checkpoint_is_a_line_until_the_experiment_is_stopped()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var before = await MetadataAsync(project, experiment);

        await experiment.AddAsync(ExperimentSteps.Loss(0.5));
        await experiment.AddAsync(ExperimentSteps.Loss(0.4));

        Assert.Equal(before, await MetadataAsync(project, experiment));
        Assert.Equal(2, (await File.ReadAllLinesAsync(JournalOf(project, experiment), Token)).Length);
        Assert.Equal([0, 1], Assert.Single(await project.ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.Equal(2, (await project.Project.FindAsync(experiment.Checkpoints[1].ShortId, Token)).Experiment.Checkpoints.Count);

        await experiment.StopAsync(cancellationToken: Token);

        Assert.DoesNotContain(project.RepositoryFiles(), file => file.StartsWith("journal/", StringComparison.Ordinal));
        Assert.Equal(2, MetadataReader.ReadExperiment(Encoding.UTF8.GetBytes(await MetadataAsync(project, experiment))).Checkpoints.Count);
    }

    [Fact]
    public async Task The_metadata_has_the_lines_after_a_second_of_a_run_that_goes_on()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(0.5));

        while (Directory.EnumerateFiles(Path.GetDirectoryName(JournalOf(project, experiment))!).Any())
        {
            await Task.Delay(20, Token);
        }

        Assert.Contains("0.5", await MetadataAsync(project, experiment), StringComparison.Ordinal);
        await experiment.AddAsync(ExperimentSteps.Loss(0.4));
        Assert.Equal([0, 1], Assert.Single(await project.ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Step));
    }

    [Fact]
    public async Task An_entry_that_came_through_the_journal_is_written_as_any_other()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var metrics = new Hashtable
        {
            ["text"] = "a<b \"quoted\" \u2028 \n é 日", ["none"] = null, ["nan"] = double.NaN, ["list"] = new object[] { 1, 2.5, Array.Empty<int>() },
            ["map"] = new Hashtable { ["deep"] = new Hashtable { ["x"] = 1e-7 }, ["empty"] = new Hashtable() },
        };
        await experiment.AddAsync(metrics, primary: new PrimaryMetric("nan", Goal.Maximize));
        await experiment.AddAsync();
        await project.Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(
            Encoding.UTF8.GetString(MetadataSeal.Add(MetadataWriter.WriteExperiment(experiment.Metadata))), await MetadataAsync(project, experiment));
    }

    [Fact]
    public async Task A_checkpoint_that_is_sent_again_is_in_the_metadata_once()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var repository = project.Project.Workspace.Repository;
        Checkpoint[] sent = [new() { Id = "c1", CreatedAt = Timestamp.Now }];
        var journal = project.Project.Workspace.Lifetime.Journals.For(repository, repository.Journal!, experiment.Id);

        await journal.AddNumberedAsync(sent, Token);
        await journal.AddNumberedAsync(sent, Token);
        await experiment.AddAsync(ExperimentSteps.Loss(0.5));
        await project.Project.SyncAsync(cancellationToken: Token);
        await journal.AddNumberedAsync(sent, Token);
        await experiment.StopAsync(cancellationToken: Token);

        var metadata = MetadataReader.ReadExperiment(Encoding.UTF8.GetBytes(await MetadataAsync(project, experiment)));
        Assert.Equal(["c1", experiment.Checkpoints[^1].Id], metadata.Checkpoints.Select(checkpoint => checkpoint.Id));
    }

    [Fact]
    public async Task What_a_killed_writer_left_of_a_line_is_passed_over_and_cut_off_by_the_next()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await WriteJournalAsync(project, experiment, Line("a1", 4) + "\n" + Line("torn line", 5)[..40]);

        Assert.Equal([4], Assert.Single(await project.ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Step));
        await experiment.AddAsync();

        Assert.Equal([4, 5], Assert.Single(await project.ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Step));
        await project.Project.SyncAsync(cancellationToken: Token);
        Assert.DoesNotContain("torn line", await MetadataAsync(project, experiment), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_a_million_lines_that_make_no_sense_is_given_up_in_a_few_words_and_kept()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(0.5));
        var journal = JournalOf(project, experiment);
        await File.AppendAllTextAsync(journal, string.Concat(Enumerable.Repeat("{\n", 1_000_000)), Token);
        var log = new CollectedLog();
        using var sink = Log.SendTo(log);

        var listed = Assert.Single(await project.ListAsync());
        Assert.Equal(0.5, Assert.Single(listed.Checkpoints).Metrics["loss"]);
        // Twice where it is compacted meanwhile: it has another name then.
        Assert.InRange(log.Warnings.Count, 11, 22);
        var error = await Assert.ThrowsAsync<ReplicateException>(() => listed.StopAsync(cancellationToken: Token));

        Assert.Equal("JournalDamaged", error.Id);
        Assert.Equal(2_000_000, project.RepositoryFiles().Where(IsOfJournal).Sum(file => new FileInfo(Path.Combine(project.RepositoryPath, file)).Length) / 100_000 * 100_000);
        Assert.Equal(0.5, Assert.Single(Assert.Single(await project.ListAsync()).Checkpoints).Metrics["loss"]);
    }

    [Fact]
    public async Task A_damaged_line_is_named_and_kept_and_the_others_are_read()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await WriteJournalAsync(project, experiment, Line("a1", 0) + "\n{\"id\": \"b\n" + Line("c3", 2) + "\n");
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);

        Assert.Equal(2, Assert.Single(await project.ListAsync()).Checkpoints.Count);
        Assert.StartsWith($"Line 2 of journal/{experiment.Id}.jsonl in ", Assert.Single(log.Warnings), StringComparison.Ordinal);

        await project.Project.SyncAsync(cancellationToken: Token);
        Assert.Equal($"journal/{experiment.Id}.damaged", Assert.Single(project.RepositoryFiles(), IsOfJournal));
        Assert.Equal(2, Assert.Single(await project.ListAsync()).Checkpoints.Count);
        await experiment.DeleteAsync(Token);
        Assert.DoesNotContain(project.RepositoryFiles(), IsOfJournal);
    }

    [Fact]
    public async Task A_line_that_the_metadata_has_already_changes_nothing()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(1));
        var lines = await File.ReadAllTextAsync(JournalOf(project, experiment), Token);
        await project.Project.SyncAsync(cancellationToken: Token);
        var metadata = await MetadataAsync(project, experiment);

        // As a process leaves them that is killed after it has rewritten the metadata.
        project.Directory.Write($".replicate/{RepositoryKeys.ClosedJournal(experiment.Id, "0123456789abcdef")}", lines);
        Assert.Single(Assert.Single(await project.ListAsync()).Checkpoints);
        await project.Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(metadata, await MetadataAsync(project, experiment));
        Assert.DoesNotContain(project.RepositoryFiles(), IsOfJournal);
    }

    [Fact]
    public async Task What_others_added_behind_our_own_lines_is_taken_up_with_them()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(1));
        await File.AppendAllTextAsync(JournalOf(project, experiment), Line("b2", 7) + "\n", Token);
        await experiment.StopAsync(cancellationToken: Token);

        Assert.Equal([0, 7], MetadataReader.ReadExperiment(Encoding.UTF8.GetBytes(await MetadataAsync(project, experiment)))
            .Checkpoints.Select(checkpoint => checkpoint.Step).Order());
        Assert.Equal(2, experiment.Checkpoints.Count);
        Assert.DoesNotContain(project.RepositoryFiles(), IsOfJournal);
    }

    [Fact]
    public async Task Thousands_of_our_own_lines_are_taken_up_as_they_were_added()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await experiment.AddAsync([.. Enumerable.Range(0, 5000).Select(step => new NewCheckpoint
        {
            Step = step, Metrics = Value.MapFrom(ExperimentSteps.Loss(1.0 / (step + 1))),
        })], Token);
        var added = experiment.Checkpoints.Select(checkpoint => (checkpoint.Id, checkpoint.Step, checkpoint.Metrics["loss"])).ToList();
        await experiment.StopAsync(cancellationToken: Token);

        Assert.Equal(added, experiment.Checkpoints.Select(checkpoint => (checkpoint.Id, checkpoint.Step, checkpoint.Metrics["loss"])));
        Assert.Equal(
            Encoding.UTF8.GetString(MetadataSeal.Add(MetadataWriter.WriteExperiment(experiment.Metadata))), await MetadataAsync(project, experiment));
    }

    [Fact]
    public async Task What_a_process_closed_and_did_not_take_up_is_read_and_taken_up_with_unknown_keys()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        project.Directory.Write(
            $".replicate/{RepositoryKeys.ClosedJournal(experiment.Id, "0123456789abcdef")}",
            Line("a1", 3).Replace("\"powershell\":{}", "\"powershell\":{\"later\":[1e400,{}]}", StringComparison.Ordinal) + "\n");

        Assert.Equal(3, Assert.Single(await project.ListAsync()).Latest()!.Step);
        Assert.Equal(4, (await experiment.AddAsync()).Step);
        await experiment.StopAsync(cancellationToken: Token);

        Assert.Contains("   \"powershell\": {\n    \"later\": [\n     1e400,\n     {}\n    ]\n   }", await MetadataAsync(project, experiment), StringComparison.Ordinal);
        Assert.DoesNotContain(project.RepositoryFiles(), IsOfJournal);
    }

    [Fact]
    public async Task What_the_original_wrote_keeps_its_bytes()
    {
        using var directory = new TemporaryDirectory();
        var repository = directory.CopyOf(Path.Combine(Checkout.Fixture("keepsake-iris"), ".keepsake"));
        var project = new Project($"file://{repository}", directory.Path);
        var experiment = (await project.Experiments.ListAsync(cancellationToken: Token))[0];
        var file = Path.Combine(repository, RepositoryKeys.Metadata(experiment.Id));
        var original = await File.ReadAllTextAsync(file, Token);
        var count = experiment.Checkpoints.Count;

        await experiment.AddAsync(ExperimentSteps.Loss(0.25));
        await experiment.AddAsync(ExperimentSteps.Loss(0.125));
        await project.SyncAsync(cancellationToken: Token);

        var now = await File.ReadAllTextAsync(file, Token);
        var same = original.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.EndsWith(original[same..], now, StringComparison.Ordinal);
        var entries = now[same..^(original.Length - same)];
        Assert.Equal(2, entries.Split("\"id\"").Length - 1);
        Assert.Equal(count + 2, MetadataReader.ReadExperiment(Encoding.UTF8.GetBytes(now)).Checkpoints.Count);
    }

    [Fact]
    public async Task A_checkpoint_that_is_only_a_line_can_be_deleted()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var first = await experiment.AddAsync();
        await experiment.AddAsync();

        await experiment.DeleteCheckpointAsync(first, Token);

        Assert.Equal([1], Assert.Single(await project.ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.DoesNotContain(project.RepositoryFiles(), IsOfJournal);
        Assert.Equal(2, (await experiment.AddAsync()).Step);
    }

    [Fact]
    public async Task A_journal_of_an_experiment_that_is_not_there_lists_nothing()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await WriteJournalAsync(project, experiment, Line("a1", 3) + "\n");
        File.Delete(project.Directory.Combine(".replicate", RepositoryKeys.Metadata(experiment.Id)));

        Assert.Empty(await project.ListAsync());
        Assert.Equal("ExperimentDeleted", (await Assert.ThrowsAsync<ReplicateException>(() => experiment.AddAsync())).Id);
    }

    [Fact]
    public async Task Steps_go_on_after_what_another_process_added()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await experiment.AddAsync();
        await File.AppendAllTextAsync(JournalOf(project, experiment), Line("a1", 7) + "\n", Token);

        Assert.Equal(8, (await experiment.AddAsync()).Step);
    }

    [Fact]
    public async Task A_run_that_goes_on_from_a_checkpoint_counts_on_after_it()
    {
        using var project = new TestProject();
        var parent = await (await project.CreateAsync()).AddAsync(step: 41);
        var experiment = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions { From = parent, Heartbeat = HeartbeatMode.None }, cancellationToken: Token);

        Assert.Equal([42, 43], new[] { await experiment.AddAsync(), await experiment.AddAsync() }.Select(checkpoint => checkpoint.Step));
    }

    private static bool IsOfJournal(string file) => file.StartsWith("journal/", StringComparison.Ordinal);

    private static string JournalOf(TestProject project, Experiment experiment) =>
        project.Directory.Combine(".replicate", "journal", experiment.Id + ".jsonl");

    private static Task<string> MetadataAsync(TestProject project, Experiment experiment) =>
        File.ReadAllTextAsync(project.Directory.Combine(".replicate", RepositoryKeys.Metadata(experiment.Id)), Token);

    private static async Task WriteJournalAsync(TestProject project, Experiment experiment, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalOf(project, experiment))!);
        await File.WriteAllTextAsync(JournalOf(project, experiment), text, Token);
    }

    private static string Line(string id, long step) =>
        $$$"""{"id":"{{{id}}}","created":"2026-01-02T03:04:05Z","metrics":null,"step":{{{step}}},"path":"","primary_metric":null,"powershell":{}}""";
}
