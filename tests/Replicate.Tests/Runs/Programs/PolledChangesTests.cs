using Replicate.Recording;
using Replicate.Recording.Snapshots;
using Replicate.Runs.Saves;
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
        var path = new SavePath(project.Project, "model");
        using var snapshots = new SnapshotDirectory(project.Project, "polled");
        using var watcher = new SaveWatcher(path, snapshots, new PolledChanges(
            () => FileSnapshot.StampsOf(path).ToDictionary(entry => entry.Path, entry => entry.Stamp!.Value)));
        var found = new List<string>();
        var files = new StepFiles(watcher, SaveOrder.Unknown, (checkpoint, save) =>
        {
            using var snapshot = save.Files;
            if (snapshot is not null)
            {
                using var content = new StreamReader(snapshot.Files[0].Held!.Open(null));
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

            var slot = files.Begin(step, watcher.Line());
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
}
