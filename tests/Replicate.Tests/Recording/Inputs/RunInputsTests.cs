using System.Security.Cryptography;
using System.Text;
using Replicate.Comparisons;
using Replicate.Queries;
using Replicate.Recording.Inputs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Inputs;

public class RunInputsTests
{
    [Fact]
    public async Task A_file_is_recorded_by_its_size_and_digest_and_shown()
    {
        using var project = new TestProject();
        project.Directory.Write("data/train.csv", "1,2\n3,4\n");

        var experiment = await CreateAsync(project, "data/train.csv");

        var read = (ValueMap)Assert.Single(await project.ListAsync()).Inputs["data/train.csv"]!;
        Assert.Equal((8L, Digest("1,2\n3,4\n")), (read["size"], read["sha256"]));
        Assert.StartsWith($"{DateTime.UtcNow:yyyy-MM-dd}T", (string)read["modified"]!, StringComparison.Ordinal);
        Assert.Contains($"data/train.csv (8 bytes, SHA-256 {Digest("1,2\n3,4\n")[..12]})", Replicate.Presentation.DetailFields.Of(experiment).Select(field => field.Text));
        Assert.Empty(project.RepositoryFiles().Where(file => file.EndsWith(".tar.gz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_directory_is_recorded_by_all_its_files()
    {
        using var project = new TestProject();
        project.Directory.Write("data/b/2.txt", "two");
        project.Directory.Write("data/1.txt", "one");

        var read = (ValueMap)(await CreateAsync(project, "data")).Inputs["data"]!;

        Assert.Equal((2L, 6L), (read["files"], read["size"]));
        Assert.Equal(Digest($"1.txt\0{Digest("one")}\nb/2.txt\0{Digest("two")}\n"), read["sha256"]);
    }

    [Fact]
    public async Task A_comparison_tells_that_the_data_differ_and_no_more_than_that()
    {
        using var project = new TestProject();
        project.Directory.Write("data.csv", "old");
        project.Directory.Write("same.csv", "same");
        var first = await CreateAsync(project, "data.csv", "same.csv");
        project.Directory.Write("data.csv", "new!");
        File.SetLastWriteTimeUtc(project.Directory.Combine("same.csv"), DateTime.UtcNow.AddDays(-1));
        var second = await CreateAsync(project, "data.csv", "same.csv");

        var difference = Assert.Single(Comparison.Between([new Match(first, null), new Match(second, null)]), each => each.Section == "Inputs");

        Assert.Equal("data.csv", difference.Name);
        Assert.Equal([$"3 bytes, SHA-256 {Digest("old")[..12]}", $"4 bytes, SHA-256 {Digest("new!")[..12]}"], difference.Values);
    }

    [Fact]
    public async Task Restoring_tells_of_inputs_that_changed_since()
    {
        using var project = new TestProject();
        project.Directory.Write("train.py", "print(1)");
        project.Directory.Write("data.csv", "old");
        project.Directory.Write("same.csv", "same");
        var experiment = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Path = "train.py", Inputs = ["data.csv", "same.csv"], Heartbeat = HeartbeatMode.None },
            cancellationToken: TestContext.Current.CancellationToken);
        project.Directory.Write("data.csv", "new");
        var log = new CollectedLog();
        using var sink = Log.SendTo(log);

        await experiment.CheckOutAsync(null, new CheckOutOptions { OutputDirectory = project.Directory.Combine("out") }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("print(1)", await File.ReadAllTextAsync(project.Directory.Combine("out", "train.py"), TestContext.Current.CancellationToken));
        Assert.Equal([$"1 input of experiment {experiment.ShortId} is not what it read: 'data.csv'."], log.Warnings);
    }

    [Fact]
    public async Task Of_what_a_repository_names_only_files_of_the_project_are_looked_at()
    {
        using var project = new TestProject();
        project.Directory.Write("kept.csv", "x");
        ValueMap Hostile(string name) => Value.MapFrom(new Dictionary<string, object?>
        {
            [name] = new Dictionary<string, object?> { ["size"] = 1L, ["sha256"] = new string('0', 64) },
        });

        foreach (var name in new[] { "../kept.csv", "/dev/zero", "s3://bucket/key", "a/../../kept.csv", "" })
        {
            Assert.Empty(await RunInputs.ChangedAsync(project.Project.Configuration, Hostile(name), TestContext.Current.CancellationToken));
        }

        Assert.Equal(["kept.csv"], await RunInputs.ChangedAsync(project.Project.Configuration, Hostile("kept.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_read_once_is_remembered_until_it_changes()
    {
        using var project = new TestProject();
        var path = project.Directory.Combine("data.bin");
        await File.WriteAllTextAsync(path, "first", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        async Task<string> DigestOf()
        {
            using var digests = new FileDigests(project.Project.Configuration);
            return await digests.OfAsync(path, new(null, "", null), TestContext.Current.CancellationToken);
        }

        Assert.Equal(Digest("first"), await DigestOf());
        var remembered = Path.Combine(Replicate.Configuration.LocalState.CacheFor(project.Project.Configuration), "digests");
        var line = Assert.Single(await File.ReadAllLinesAsync(remembered, TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(remembered, line.Replace(Digest("first"), Digest("known"), StringComparison.Ordinal) + "\ndamaged\n", TestContext.Current.CancellationToken);
        Assert.Equal(Digest("known"), await DigestOf());

        var written = File.GetLastWriteTimeUtc(path);
        await File.WriteAllTextAsync(path, "other", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(OperatingSystem.IsWindows() ? Digest("known") : Digest("other"), await DigestOf());
    }

    [Theory]
    [InlineData("nosuch.csv")]
    [InlineData("s3://bucket")]
    [InlineData("az://account/container/")]
    public async Task What_is_not_there_is_refused_before_anything_is_recorded(string input)
    {
        using var project = new TestProject();

        var error = await Assert.ThrowsAsync<ReplicateException>(() => CreateAsync(project, input));

        Assert.Equal("InputNotFound", error.Id);
        Assert.Empty(await project.ListAsync());
    }

    private static Task<Experiment> CreateAsync(TestProject project, params string[] inputs) => project.Project.Experiments.CreateAsync(
        new ExperimentOptions { Inputs = inputs, Heartbeat = HeartbeatMode.None }, cancellationToken: TestContext.Current.CancellationToken);

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
