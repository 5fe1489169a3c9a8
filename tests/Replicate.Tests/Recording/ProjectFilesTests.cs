using System.Runtime.Versioning;
using Replicate.Archives.Selecting;
using Replicate.Configuration;
using Replicate.Tests.Archives;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public sealed class ProjectFilesTests : IDisposable
{
    private readonly TestProject _project = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task What_was_checked_out_into_the_project_is_not_saved_with_the_next_experiment_which_is_said_once()
    {
        _project.Directory.Write("train.py", "1");
        var first = await _project.CreateAsync(path: ".");
        await first.CheckOutAsync(null, Into("runs/best"), cancellationToken: Token);
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            Assert.Equal(["train.py"], await SavedAsync("."));
            Assert.Equal(["train.py"], await SavedAsync("."));
            Assert.Equal(["runs/best/train.py"], await SavedAsync("runs/best"));
        }

        Assert.Contains("'runs/best' is not saved", Assert.Single(warnings.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_held_files_of_its_own_or_came_later_is_saved()
    {
        _project.Directory.Write("train.py", "1");
        _project.Directory.Write("mine/notes", "1");
        var first = await _project.CreateAsync(path: "train.py");
        await first.CheckOutAsync(null, Into("mine") with { Force = true }, cancellationToken: Token);
        await first.CheckOutAsync(null, Into("later"), cancellationToken: Token);
        Directory.Delete(_project.Directory.Combine("later"), recursive: true);
        _project.Directory.Write("later/train.py", "of somebody else");

        Assert.Equal(["later/train.py", "mine/notes", "mine/train.py", "train.py"], await SavedAsync("."));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_somebody_else_may_have_noted_as_checked_out_or_said_counts_for_nothing()
    {
        Archive.SkipOnWindows("Windows protects it.");
        _project.Directory.Write("train.py", "1");
        var first = await _project.CreateAsync(path: ".");
        await first.CheckOutAsync(null, Into("best"), cancellationToken: Token);
        Assert.Equal(["train.py"], await SavedAsync("."));
        var state = LocalState.DirectoryFor(_project.Project.Configuration);
        var warnings = new CollectedLog();
        using var sink = Log.SendTo(warnings);

        var told = Assert.Single(Directory.GetFiles(Path.Combine(state, "told")));
        File.Move(told, told + ".theirs");
        File.CreateSymbolicLink(told, told + ".theirs");
        Assert.Equal(["train.py"], await SavedAsync("."));
        Assert.Contains("'best' is not saved", Assert.Single(warnings.Warnings), StringComparison.Ordinal);

        File.SetUnixFileMode(Path.Combine(state, "targets"), (UnixFileMode)0b110_110_110);
        Assert.Equal(["best/train.py", "train.py"], await SavedAsync("."));
    }

    [Fact]
    public async Task A_new_project_has_an_ignore_file_whose_rules_hold_and_an_own_one_stays()
    {
        using var directory = new TemporaryDirectory();
        var project = Project.Initialize(directory.Path, "file://.replicate");
        foreach (var path in new[] { "train.py", "train.py~", ".DS_Store", ".vscode/settings.json", "wandb/run/1", "sub/mlruns/1", "data/x", "out/model.pth" })
        {
            directory.Write(path, "1");
        }

        var experiment = await project.Experiments.CreateAsync(new() { Path = ".", Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        Assert.Equal(
            [".replicateignore", "data/x", "out/model.pth", "replicate.yaml", "train.py"],
            (await experiment.ListFilesAsync(null, Token)).Select(file => file.Path));

        directory.Write(".replicateignore", "mine");
        Project.Initialize(directory.Path, "file://.replicate", overwrite: true);
        Assert.Equal("mine", await File.ReadAllTextAsync(directory.Combine(".replicateignore"), Token));
    }

    [Fact]
    public async Task Weights_among_the_code_are_said_once()
    {
        _project.Directory.Write("train.py", "1");
        _project.Directory.Write("data.json", "1");
        var warnings = new CollectedLog();
        using var sink = Log.SendTo(warnings);
        await _project.CreateAsync(path: ".");
        Assert.Empty(warnings.Warnings);

        _project.Directory.Write("out/model.json", "of the first run");
        await _project.CreateAsync(path: "out/model.json");
        Assert.Empty(warnings.Warnings);
        await _project.CreateAsync(path: ".");
        await _project.CreateAsync(path: ".");

        Assert.Contains("'out/model.json'", Assert.Single(warnings.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.pth", true)]
    [InlineData("a/b.safetensors", true)]
    [InlineData("model.pkl", true)]
    [InlineData("model_best.h5", true)]
    [InlineData("checkpoint-200.bin", true)]
    [InlineData("model-final.json", true)]
    [InlineData("data.h5", false)]
    [InlineData("model_config.json", false)]
    [InlineData("models.json", false)]
    [InlineData("model.py", false)]
    [InlineData("weights.csv", false)]
    public void Weights_are_known_by_their_names(string path, bool areThey) =>
        Assert.Equal(areThey, WeightFiles.Contains(path));

    [Fact]
    public async Task What_is_created_is_the_owners_alone()
    {
        Archive.SkipOnWindows("Windows has no modes.");
        Archive.SetMode(_project.Directory.Write("secret.txt", "1"), "600");
        var experiment = await _project.CreateAsync(path: ".");
        await experiment.AddAsync(path: "secret.txt");
        await experiment.StopAsync(cancellationToken: Token);

        var modes = Archive.Everything(_project.RepositoryPath).Prepend("").ToLookup(
            path => Archive.ModeOf(Path.Combine(_project.RepositoryPath, path)), StringComparer.Ordinal);

        Assert.Equal(["600", "700"], modes.Select(mode => mode.Key).Order(StringComparer.Ordinal));
        Assert.Contains(modes["600"], path => path.EndsWith(".tar.gz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_directory_that_somebody_opened_to_others_so_is_what_is_written()
    {
        Archive.SkipOnWindows("Windows has no modes.");
        Directory.CreateDirectory(_project.RepositoryPath);
        Archive.SetMode(_project.RepositoryPath, "750");
        _project.Directory.Write("train.py", "1");
        var experiment = await _project.CreateAsync(path: ".");

        var tarball = Path.Combine(_project.RepositoryPath, "experiments", experiment.Id + ".tar.gz");

        Assert.Equal(("750", "750", "640"), (
            Archive.ModeOf(_project.RepositoryPath), Archive.ModeOf(Path.GetDirectoryName(tarball)!), Archive.ModeOf(tarball)));
    }

    private CheckOutOptions Into(string name) => new() { OutputDirectory = _project.Directory.Combine(name) };

    private async Task<IEnumerable<string>> SavedAsync(string path)
    {
        var experiment = await _project.CreateAsync(path: path);
        return (await experiment.ListFilesAsync(null, Token)).Select(file => file.Path);
    }
}
