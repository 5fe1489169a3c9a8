using System.Globalization;
using Replicate.Runs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

public class CheckpointFileTests
{
    private const string Pause = "sleep $PAUSE";

    /// <summary>Programs that save the step in each file, whole, and what their steps save.</summary>
    public static TheoryData<string, string, int[]> Programs => new()
    {
        { "saves, then prints", $"for i in 1 2 3 4; do {Pause}; echo $i > model; echo \"step $i loss: $i\"; done", [1, 2, 3, 4] },
        { "prints, then saves", $"for i in 1 2 3 4; do {Pause}; echo \"step $i loss: $i\"; echo $i > model; done", [1, 2, 3, 4] },
        { "saves, evaluates, prints", $"for i in 1 2 3; do echo $i > model; {Pause}; echo \"step $i loss: $i\"; done", [1, 2, 3] },
        { "prints, waits, saves", $"for i in 1 2 3; do echo \"step $i loss: $i\"; {Pause}; echo $i > model; done", [1, 2, 3] },
        {
            "writes the file in pieces after the metrics",
            $"for i in 1 2 3; do {Pause}; echo \"step $i loss: $i\"; {{ : ; {Pause}; echo $i; }} > model; done", [1, 2, 3]
        },
        {
            "replaces the file by a new one",
            $"for i in 1 2 3; do {Pause}; echo \"step $i loss: $i\"; echo $i > model.tmp; mv model.tmp model; done", [1, 2, 3]
        },
        { "saves every fifth step before", $"for i in $(seq 1 11); do {Pause}; [ $((i % 5)) = 0 ] && echo $i > model; echo \"step $i loss: $i\"; done", [5, 10] },
        { "saves every fifth step after", $"for i in $(seq 1 11); do {Pause}; echo \"step $i loss: $i\"; [ $((i % 5)) = 0 ] && echo $i > model; done; true", [5, 10] },
        { "saves the first and every third step after", $"for i in $(seq 0 7); do {Pause}; echo \"step $i loss: $i\"; [ $((i % 3)) = 0 ] && echo $i > model; done; true", [0, 3, 6] },
        { "saves the best before", $"for i in 1 2 3 4 5 6; do {Pause}; case $i in 1|2|5) echo $i > model;; esac; echo \"step $i loss: $i\"; done", [1, 2, 5] },
        { "saves the best after", $"for i in 1 2 3 4 5 6; do {Pause}; echo \"step $i loss: $i\"; case $i in 1|2|5) echo $i > model;; esac; done", [1, 2, 5] },
        { "saves once at the end", $"{Pause}; for i in 1 2 3; do echo \"step $i loss: $i\"; done; {Pause}; echo 3 > model", [3] },
        { "saves between the lines of a step", $"{Pause}; for i in 1 2 3; do echo \"step $i loss: $i\"; echo $i > model; echo \"step $i val_loss: $i\"; {Pause}; done", [1, 2, 3] },
        { "begins a line, saves, ends it", $"for i in 1 2 3; do {Pause}; printf \"step $i loss: $i \"; echo $i > model; echo acc: 1; done", [1, 2, 3] },
        { "has a single step", "echo 1 > model; echo \"step 1 loss: 1\"", [1] },
        { "touches the file beside", $"for i in 1 2 3; do {Pause}; [ $i = 2 ] || echo $i > model; : >> model; echo \"step $i loss: $i\"; done", [1, 3] },
        { "saves what it starts with, prints, then saves", $"sleep 0.2; echo 0 > model; for i in 1 2 3 4; do {Pause}; echo \"step $i loss: $i\"; echo $i > model; done", [1, 2, 3, 4] },
        { "saves, then prints, and saves once more", $"sleep 0.2; for i in 1 2 3 4; do {Pause}; echo $i > model; echo \"step $i loss: $i\"; done; {Pause}; echo end > model", [1, 2, 3, 4] },
        { "prints before the training, then saves and prints", $"echo \"step 0 loss: 9\"; for i in 1 2 3 4; do {Pause}; echo $i > model; echo \"step $i loss: $i\"; done; {Pause}", [] },
        { "tells of its data, saves, prints", $"for i in 1 2 3 4; do echo \"rows: 1225\"; {Pause}; echo $i > model; echo \"step $i loss: $i\"; done", [1, 2, 3, 4] },
        { "tells of its data, prints, saves", $"for i in 1 2 3 4; do echo \"rows: 1225\"; {Pause}; echo \"step $i loss: $i\"; echo $i > model; done", [1, 2, 3, 4] },
        { "tells of its data once, saves, prints", $"echo \"lr: 0.1\"; for i in 1 2 3 4; do {Pause}; echo $i > model; echo \"step $i loss: $i\"; done", [1, 2, 3, 4] },
        { "prints to the error output", $"for i in 1 2 3; do {Pause}; echo \"step $i loss: $i\" >&2; echo $i > model; done", [1, 2, 3] },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_step_has_the_files_that_it_wrote(string program, string script, int[] saved)
    {
        Assert.NotEmpty(program);
        await GrowingPauses.TryAsync(async pause =>
        {
            using var project = new TestProject();
            project.Directory.Write("model", "of an earlier run\n");
            var log = new CollectedLog();
            using var _ = Log.SendTo(log);

            var result = await project.ShellAsync($"PAUSE={pause}; {script}", new RunOptions { CheckpointPath = "model" });

            if (saved.Length == 0)
            {
                // What both orders explain is nobody's, and that is said.
                Assert.Contains(log.Warnings, warning => warning.Contains("-CheckpointOrder", StringComparison.Ordinal));
            }
            else if (!HasLost(result, log))
            {
                Assert.Equal(saved.Select(step => $"{step}: {step}\n"), await ReadAsync(result.Experiment, "model"));
                Assert.Empty(log.Warnings);
            }

            foreach (var content in await ReadAsync(result.Experiment, "model"))
            {
                Assert.Contains(content, saved.Select(step => $"{step}: {step}\n"));
            }

            return saved.Length == 0 || !HasLost(result, log);
        });
    }

    [Fact]
    public async Task The_order_that_is_given_counts()
    {
        await GrowingPauses.TryAsync(async pause =>
        {
            using var project = new TestProject();
            var result = await project.ShellAsync(
                $"sleep 0.3; echo 0 > model; for i in 1 2 3; do echo \"step $i loss: $i\"; sleep {pause}; echo $i > model; done",
                new RunOptions { CheckpointPath = "model", CheckpointOrder = CheckpointOrder.AfterMetrics });

            var read = await ReadAsync(result.Experiment, "model");
            Assert.All(read, content => Assert.Contains(content, (string[])["1: 1\n", "2: 2\n", "3: 3\n"]));
            return read.Count == 3;
        });
    }

    [Theory]
    [InlineData("save; echo \"step $i loss: $i\"")]
    [InlineData("echo \"step $i loss: $i\"; save")]
    public async Task All_files_of_a_directory_are_of_the_step(string body)
    {
        await GrowingPauses.TryAsync(async pause =>
        {
            using var project = new TestProject();
            var result = await project.ShellAsync(
                "save() { for n in $(seq 1 50); do mkdir -p out/$((n % 3)); echo $i > out/$((n % 3))/$n; done; }\n"
                + $"for i in 1 2 3; do sleep {pause}; {body}; done",
                new RunOptions { CheckpointPath = "out" });

            Assert.Equal(3, result.Experiment.Checkpoints.Count);
            foreach (var checkpoint in result.Experiment.Checkpoints.Where(checkpoint => checkpoint.HasFiles))
            {
                var files = await result.Experiment.ListFilesAsync(checkpoint, TestContext.Current.CancellationToken);
                Assert.Equal(50, files.Count);
                foreach (var file in files)
                {
                    Assert.Equal($"{checkpoint.Step}\n", await ReadAsync(checkpoint, file.Path));
                }
            }

            return result.Experiment.Checkpoints.All(checkpoint => checkpoint.HasFiles);
        });
    }

    [Theory]
    [InlineData("w(i); p(i)")]
    [InlineData("p(i); w(i)")]
    public async Task A_fast_program_loses_files_and_never_has_those_of_another_step(string body)
    {
        using var project = new TestProject();
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        var result = await project.RunAsync(
            [
                "/usr/bin/perl", "-e",
                "$| = 1; sub w { open(my $f, '>', 'model'); print $f ($_[0] . \"\\n\") x 20000; close $f; } sub p { print \"step $_[0] loss: $_[0]\\n\"; } "
                + $"for my $i (1..300) {{ {body.Replace("i)", "$i)", StringComparison.Ordinal)}; }}",
            ],
            new RunOptions { CheckpointPath = "model" });

        Assert.Equal(300, result.Experiment.Checkpoints.Count);
        foreach (var checkpoint in result.Experiment.Checkpoints)
        {
            if (checkpoint.HasFiles)
            {
                var content = await ReadAsync(checkpoint, "model");
                Assert.Equal(string.Concat(Enumerable.Repeat($"{checkpoint.Step}\n", 20000)), content);
                Assert.Empty(checkpoint.MissingFiles);
            }
            else
            {
                Assert.Equal(["model"], checkpoint.MissingFiles);
            }
        }

        var missing = result.Experiment.Checkpoints.Where(checkpoint => !checkpoint.HasFiles).Select(checkpoint => checkpoint.Step).ToList();
        Assert.Equal(Math.Min(10, missing.Count), log.Warnings.Count(warning => missing.Exists(step => warning.StartsWith($"Step {step} was recorded without 'model'", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_file_that_was_emptied_and_not_written_again_is_named_and_kept_nowhere()
    {
        using var project = new TestProject();
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        var result = await project.ShellAsync(
            "sleep 0.3; for i in 1 2 3; do [ $i = 2 ] && : > model || echo $i > model; echo \"step $i good: $((i == 2))\"; sleep 1; done",
            new RunOptions { CheckpointPath = "model", PrimaryMetric = new PrimaryMetric("good", Goal.Maximize) });

        Assert.Equal(["1: 1\n", "3: 3\n"], await ReadAsync(result.Experiment, "model"));
        Assert.StartsWith("Step 2 was recorded without 'model'", Assert.Single(log.Warnings), StringComparison.Ordinal);
        var read = (await new Project("file://.replicate", project.Directory.Path).Experiments.GetAsync(result.Experiment.Id, TestContext.Current.CancellationToken)).Checkpoints;
        Assert.Equal(["", "model", ""], read.Select(checkpoint => string.Join(", ", checkpoint.MissingFiles)));
        Assert.Equal(["model", "(not saved: model)", "model"], read.Select(checkpoint => checkpoint.PathText));
        var best = result.Experiment.Best()!;
        Assert.Equal(2, best.Step);
        Assert.Equal(
            $"The best checkpoint {best} is without 'model', which its step wrote and which could not be saved whole. "
            + $"Others of experiment {result.Experiment.ShortId} have files, the last of them {read[2]}.",
            best.FilesWarning("best"));
        Assert.Contains(best.FilesWarning("best"), log.Warnings);
    }

    [Fact]
    public async Task A_program_that_saves_nothing_has_metrics_alone_and_no_warning()
    {
        using var project = new TestProject();
        project.Directory.Write("model", "of an earlier run");
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        var result = await project.ShellAsync("for i in 1 2; do echo \"step $i loss: $i\"; sleep 0.1; done", new RunOptions { CheckpointPath = "model" });

        Assert.Equal(["", ""], result.Experiment.Checkpoints.Select(checkpoint => checkpoint.Path));
        Assert.Empty(log.Warnings);
    }

    [Fact]
    public async Task Lines_that_are_handed_in_have_the_files_that_were_written_before_or_after_them()
    {
        foreach (var savesFirst in new[] { true, false })
        {
            await GrowingPauses.TryAsync(async pause =>
            {
                using var project = new TestProject();
                await using var run = await TrainingRun.StartAsync(
                    project.Project, new RunOptions { CheckpointPath = "model" }, cancellationToken: TestContext.Current.CancellationToken);
                for (var step = 1; step <= 4; step++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(double.Parse(pause, CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
                    for (var part = 0; part < 2; part++)
                    {
                        if (part == 0 == savesFirst)
                        {
                            project.Directory.Write("model", $"{step}\n");
                        }
                        else
                        {
                            run.ReadLine($"step {step} loss: {step}");
                        }
                    }
                }

                var result = await run.EndAsync(ExperimentStatus.Completed, 0);

                var read = await ReadAsync(result.Experiment, "model");
                Assert.All(read, content => Assert.Contains(content, (string[])["1: 1\n", "2: 2\n", "3: 3\n", "4: 4\n"]));
                return read.Count == 4;
            });
        }
    }

    [Fact]
    public async Task Two_programs_side_by_side_have_their_own_files()
    {
        await GrowingPauses.TryAsync(async pause =>
        {
            using var project = new TestProject();
            var results = await Task.WhenAll(new[] { "a", "b" }.Select(name => project.ShellAsync(
                $"for i in 1 2 3 4; do sleep {pause}; echo \"step $i loss: $i\"; echo {name} $i > {name}.model; done",
                new RunOptions { CheckpointPath = $"{name}.model" })));

            foreach (var (name, result) in new[] { "a", "b" }.Zip(results))
            {
                foreach (var checkpoint in result.Experiment.Checkpoints.Where(checkpoint => checkpoint.HasFiles))
                {
                    Assert.Equal($"{name} {checkpoint.Step}\n", await ReadAsync(checkpoint, $"{name}.model"));
                }
            }

            return results.All(result => result.Experiment.Checkpoints is { Count: 4 } all && all.All(checkpoint => checkpoint.HasFiles));
        });
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

    private static bool HasLost(RunResult result, CollectedLog log)
    {
        var lost = result.Experiment.Checkpoints.Where(checkpoint => checkpoint.MissingFiles.Count > 0).ToList();
        Assert.All(lost, checkpoint => Assert.Contains(
            log.Warnings, warning => warning.StartsWith($"Step {checkpoint.Step} was recorded without 'model'", StringComparison.Ordinal)));
        return lost.Count > 0;
    }

    /// <summary>The steps that have files, each with the content of one.</summary>
    private static async Task<IReadOnlyList<string>> ReadAsync(Experiment experiment, string path)
    {
        var read = new List<string>();
        foreach (var checkpoint in experiment.Checkpoints.Where(checkpoint => checkpoint.HasFiles))
        {
            read.Add($"{checkpoint.Step}: {await ReadAsync(checkpoint, path)}");
        }

        return read;
    }

    private static async Task<string> ReadAsync(Checkpoint checkpoint, string path)
    {
        await using var file = await checkpoint.Experiment.OpenFileAsync(checkpoint, path, TestContext.Current.CancellationToken);
        return await new StreamReader(file).ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
