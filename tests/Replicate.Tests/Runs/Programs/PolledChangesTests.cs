using Replicate.Recording;
using Replicate.Archives.Snapshots;
using Replicate.Runs;
using Replicate.Runs.Programs;
using Replicate.Runs.Saves;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

public class PolledChangesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Steps_have_the_files_that_are_seen_beside_them(bool savesFirst)
    {
        using var project = new TestProject();
        var path = new SavePath(project.Project.Configuration, "model");
        using var snapshots = new SnapshotDirectory(project.Project.Configuration, "polled");
        using var watcher = new SaveWatcher(path, snapshots, new PolledChanges(
            () => path.Stamps().ToDictionary(entry => entry.Path, entry => entry.Stamp!.Value)));
        var found = new List<string>();
        var files = new StepFiles(watcher, SaveOrder.Unknown, (checkpoint, save) =>
        {
            using var snapshot = save.Files;
            if (snapshot is not null)
            {
                using var content = new StreamReader(snapshot.Files[0].InMemory!.Open(null));
                found.Add($"{checkpoint.Step}: {content.ReadToEnd()}");
            }
        });

        for (var step = 1; step <= 5; step++)
        {
            await Task.Delay(600, TestContext.Current.CancellationToken);
            if (savesFirst)
            {
                project.Directory.Write("model", $"{step}");
            }

            var slot = files.Begin(step, watcher.Prints.Line());
            files.Close(slot, new NewCheckpoint { CreatedAt = Timestamp.Now, Metrics = ValueMap.Empty, Step = step });
            files.Tick();
            if (!savesFirst)
            {
                project.Directory.Write("model", $"{step}");
            }
        }

        files.Finish();

        Assert.NotEmpty(found);
        Assert.All(found, file => Assert.Contains(file, (string[])["1: 1", "2: 2", "3: 3", "4: 4", "5: 5"]));
    }

    [Fact]
    public async Task A_change_is_told_once_and_is_over_when_nothing_more_comes()
    {
        using var directory = new TemporaryDirectory();
        var (path, log) = (directory.Write("model", "1"), new SaveLog());
        using var changes = new PolledChanges(() => FileSnapshotOf(directory));

        changes.Read(log, isNow: true);
        Assert.Equal((0, false), (log.Position, log.IsBusy));

        File.WriteAllText(path, "22");
        changes.Read(log, isNow: true);
        changes.Read(log, isNow: true);
        Assert.Equal((1, true), (log.Position, log.IsBusy));

        while (log.IsBusy)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            changes.Read(log, isNow: true);
        }

        Assert.Equal(1, log.Position);
        Assert.Equal([path], log.Changed(0, 1));
    }

    [Theory]
    [InlineData("replaced")]
    [InlineData("deleted")]
    [InlineData("beside")]
    public void What_is_put_in_place_of_a_file_or_taken_away_is_a_change(string what)
    {
        using var directory = new TemporaryDirectory();
        var (path, log) = (directory.Write("model", "1"), new SaveLog());
        using var changes = new PolledChanges(() => FileSnapshotOf(directory));

        switch (what)
        {
            case "replaced":
                File.Move(directory.Write("other", "2"), path, overwrite: true);
                break;
            case "deleted":
                File.Delete(path);
                break;
            default:
                directory.Write("second", "2");
                break;
        }

        changes.Read(log, isNow: true);
        changes.Read(log, isNow: true);

        Assert.Equal(what == "beside" ? [directory.Combine("second")] : [path], log.Changed(0, long.MaxValue));
        Assert.Equal(1, log.Position);
    }

    [Theory]
    [InlineData("echo $i > model; echo \"step $i loss: $i\"")]
    [InlineData("echo \"step $i loss: $i\"; echo $i > model")]
    public async Task Steps_that_are_printed_to_a_terminal_have_their_own_files_or_name_them(string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix terminal.");
        await GrowingPauses.TryAsync(async pause =>
        {
            using var project = new TestProject();
            var result = await TrainingRun.RunProgramAsync(
                project.Project, new RunOptions { CheckpointPath = "model" },
                new ProgramOptions
                {
                    FileName = "sh", Arguments = ["-c", $"for i in 1 2 3 4; do sleep {pause}; {body}; done; sleep {pause}"],
                    WorkingDirectory = project.Directory.Path, Tty = true,
                },
                cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal([1, 2, 3, 4], result.Experiment.Checkpoints.Select(checkpoint => checkpoint.Step));
            var kept = result.Experiment.Checkpoints.Where(checkpoint => checkpoint.HasFiles).ToList();
            foreach (var checkpoint in kept)
            {
                await using var file = await checkpoint.Experiment.OpenFileAsync(checkpoint, "model", TestContext.Current.CancellationToken);
                using var reader = new StreamReader(file);
                Assert.Equal($"{checkpoint.Step}\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
            }

            // A line that is read later than lines ever are says nothing of when it was printed.
            return kept.Count > 2 && result.Experiment.Checkpoints.Except(kept).All(checkpoint => checkpoint.MissingFiles is ["model"]);
        });
    }

    private static Dictionary<string, FileStamp> FileSnapshotOf(TemporaryDirectory directory) =>
        Directory.EnumerateFiles(directory.Path).ToDictionary(path => path, path => FileStamp.Of(path)!.Value);
}
