using System.Runtime.Versioning;
using System.Text;
using Replicate.Configuration;
using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Spool;

/// <summary>Spools that somebody else made, or changed: nothing that they name leaves the machine, and nothing outside them is deleted.</summary>
public sealed class HostileSpoolTests : SpooledProject
{
    private const string Secret = "-----BEGIN OPENSSH PRIVATE KEY-----";

    private readonly string _secret;

    public HostileSpoolTests() => _secret = Folder.Write("home/id_rsa", Secret);

    [Fact]
    public async Task A_spool_that_came_with_a_project_is_told_of_once_and_nothing_of_it_is_sent()
    {
        // What an earlier form of the spool was: an operation, and a list of files that are still to be archived.
        var planted = $"project/.replicate/spool/{LocalState.NameOf(Project.Repository)}";
        Folder.Write($"{planted}/operations/0638000000000000000-00-Create.json", Metadata(new string('a', 64)));
        Folder.Write($"{planted}/copies/{new string('a', 64)}/list", $"\u0001{_secret}");
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);

        Assert.Empty(await Project.Experiments.ListAsync(cancellationToken: Token));
        Assert.Empty(await Open().Experiments.ListAsync(cancellationToken: Token));
        Assert.Equal(0, await Project.SyncAsync(cancellationToken: Token));

        Assert.Empty(Remote.Puts);
        Assert.Single(log.Warnings, warning => warning.Contains(".replicate", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../../home/id_rsa", 0)]
    [InlineData("/etc/passwd", 0)]
    [InlineData("a/../../b", 0)]
    [InlineData("a/../model.pth", 0)]
    [InlineData("model.pth", -1)]
    [InlineData("model.pth", 1 << 20)]
    public async Task A_list_of_copies_that_leads_elsewhere_is_put_aside(string name, int number)
    {
        var experiment = await PlantAsync(place => WriteList(place, name, number, ""));

        await AssertNothingOfItArrivesAsync(experiment);
    }

    [Fact]
    public async Task A_link_in_place_of_a_copy_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there");
        var experiment = await PlantAsync(place =>
        {
            File.Delete(Path.Combine(place, "0"));
            File.CreateSymbolicLink(Path.Combine(place, "0"), _secret);
            WriteList(place, "model.pth", 0, "", Secret.Length);
        });

        await AssertNothingOfItArrivesAsync(experiment);
    }

    [Theory]
    [InlineData("count")]
    [InlineData("level")]
    [InlineData("short")]
    public async Task A_list_of_copies_with_absurd_numbers_is_put_aside(string kind)
    {
        var experiment = await PlantAsync(place => File.WriteAllBytes(Path.Combine(place, "list"), kind switch
        {
            "count" => [1, 0xff, 0xff, 0xff, 0x7f],
            "level" => [99, 1, 0, 0, 0],
            _ => [1, 1, 0, 0, 0, 200],
        }));

        await AssertNothingOfItArrivesAsync(experiment);
    }

    [Theory]
    [InlineData("../../../home")]
    [InlineData("/tmp")]
    [InlineData("..")]
    [InlineData("")]
    public async Task An_id_that_is_a_path_is_passed_over_and_nothing_there_is_deleted(string id)
    {
        await CreateAsync();
        await Project.SyncAsync(cancellationToken: Token);
        Folder.Write(Path.Combine(SpoolPath, "operations", "0638000000000000000-00-Create.json"), Metadata(id));

        Assert.Single(await Project.Experiments.ListAsync(cancellationToken: Token));
        await Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(Secret, await File.ReadAllTextAsync(_secret, Token));
        Assert.DoesNotContain(Remote.Puts, key => key.Contains("home", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_spool_of_another_project_or_repository_is_refused_and_kept()
    {
        await WaitingAsync();
        File.WriteAllText(Path.Combine(SpoolPath, "origin"), "/somewhere/else\ns3://their-bucket\n");

        var error = await Assert.ThrowsAsync<ReplicateException>(() => AsNewProcess().ReadAsync(Token));

        Assert.Equal("SpoolOfAnother", error.Id);
        Assert.Contains("s3://their-bucket", error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(SpoolPath, "operations"), "*.json"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_spool_that_others_may_write_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows protects it");
        await WaitingAsync();
        File.SetUnixFileMode(SpoolPath, (UnixFileMode)0b111_111_111);

        var error = await Assert.ThrowsAsync<ReplicateException>(() => AsNewProcess().ReadAsync(Token));

        Assert.Equal("StateNotPrivate", error.Id);
        File.SetUnixFileMode(SpoolPath, (UnixFileMode)0b111_000_000);
        Assert.Single(await AsNewProcess().ReadAsync(Token));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_is_in_it_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows protects it");
        await WaitingAsync();

        var others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.All(
            Directory.EnumerateFileSystemEntries(SpoolPath, "*", SearchOption.AllDirectories).Append(SpoolPath),
            path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & others));
    }

    private static string Metadata(string id) => $$"""{"id": "{{id}}", "created": "2020-09-01T21:42:25Z", "path": ".", "checkpoints": []}""";

    private static void WriteList(string place, string name, int number, string link, long length = 7)
    {
        using var writer = new BinaryWriter(File.Create(Path.Combine(place, "list")), Encoding.UTF8);
        writer.Write((byte)1);
        writer.Write(1);
        writer.Write(name);
        writer.Write(number);
        writer.Write(link);
        writer.Write(length);
    }

    private SpoolDirectory AsNewProcess() => new(SpoolPath, LocalState.OriginOf(Project.Configuration));

    private async Task WaitingAsync()
    {
        Remote.Before = (operation, _) => operation == "put" ? throw WatchedStore.NoAnswer() : Task.CompletedTask;
        await CreateAsync();
    }

    /// <summary>Has an experiment wait whose files are only copied, and changes the copies.</summary>
    private async Task<Experiment> PlantAsync(Action<string> change)
    {
        await WaitingAsync();
        var experiment = Assert.Single(await Project.Experiments.ListAsync(cancellationToken: Token));
        File.Delete(Path.Combine(SpoolPath, RepositoryKeys.ExperimentArchive(experiment.Id)));
        var place = Directory.CreateDirectory(Path.Combine(SpoolPath, "copies", experiment.Id)).FullName;
        File.WriteAllText(Path.Combine(place, "0"), "weights");
        change(place);
        return experiment;
    }

    private async Task AssertNothingOfItArrivesAsync(Experiment experiment)
    {
        Remote.Before = (_, _) => Task.CompletedTask;

        await Project.SyncAsync(cancellationToken: Token);

        Assert.Null(await Remote.StatAsync(RepositoryKeys.ExperimentArchive(experiment.Id), Token));
        Assert.Null(await Remote.StatAsync(RepositoryKeys.Metadata(experiment.Id), Token));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(SpoolPath, "rejected")));
        Assert.Equal(Secret, await File.ReadAllTextAsync(_secret, Token));
    }
}
