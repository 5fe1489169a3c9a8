using Replicate.Runs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

public class CheckpointFileTests
{
    [Fact]
    public async Task Each_step_has_the_file_as_it_was_then()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync(
            "for i in 1 2 3; do echo weights $i > model.pth; echo \"step $i loss: $i\"; sleep 0.4; done",
            new RunOptions { CheckpointPath = "model.pth" });

        foreach (var checkpoint in result.Experiment.Checkpoints)
        {
            await using var file = await result.Experiment.OpenFileAsync(checkpoint, "model.pth", TestContext.Current.CancellationToken);
            Assert.Equal($"weights {checkpoint.Step}\n", await new StreamReader(file).ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(3, result.Experiment.Checkpoints.Count);
        Assert.DoesNotContain(project.RepositoryFiles(), file => file.Contains("spool", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_is_saved_whole()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync(
            "mkdir -p out/deep; echo a > out/a; echo b > out/deep/b; echo 'step 1 loss: 1'; sleep 0.3", new RunOptions { CheckpointPath = "out" });

        var files = await result.Experiment.ListFilesAsync(result.Experiment.Latest(), TestContext.Current.CancellationToken);
        Assert.Equal(["out/a", "out/deep/b"], files.Select(file => file.Path));
    }

    [Fact]
    public async Task What_is_not_there_or_written_again_belongs_to_no_step_and_one_warning_counts_it()
    {
        using var project = new TestProject();
        var notices = new CollectedNotices();
        using var _ = Notices.SendTo(notices);
        var result = await project.ShellAsync(
            "echo 'step 1 loss: 1'; sleep 0.3; touch -d '2100-01-01' model.pth; echo 'step 2 loss: 2'; sleep 0.3; touch model.pth; echo 'step 3 loss: 3'",
            new RunOptions { CheckpointPath = "model.pth" });

        Assert.Equal(["", "", "model.pth"], result.Experiment.Checkpoints.Select(checkpoint => checkpoint.Path));
        Assert.StartsWith("2 checkpoints have metrics only: 'model.pth'", Assert.Single(notices.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_outside_the_project_is_refused_before_anything_is_written()
    {
        using var project = new TestProject();

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => project.ShellAsync("true", new RunOptions { CheckpointPath = "../model.pth" }));

        Assert.Equal("PathOutsideProject", exception.Id);
        Assert.Empty(project.RepositoryFiles());
    }

    [Fact]
    public async Task Going_on_from_a_checkpoint_puts_its_files_in_place_and_leaves_the_code()
    {
        using var project = new TestProject();
        project.Directory.Write("train.py", "old");
        project.Directory.Write("model.pth", "weights 5");
        var parent = await project.CreateAsync(path: ".");
        var checkpoint = await parent.AddAsync(path: "model.pth", step: 5);
        project.Directory.Write("train.py", "new");
        project.Directory.Write("model.pth", "other");

        var found = await TrainingRun.CheckOutParentAsync(project.Project, parent.ShortId, TestContext.Current.CancellationToken);

        Assert.Equal(checkpoint.Id, found.Id);
        Assert.Equal(("new", "weights 5"), (File.ReadAllText(project.Directory.Combine("train.py")), File.ReadAllText(project.Directory.Combine("model.pth"))));
    }
}
