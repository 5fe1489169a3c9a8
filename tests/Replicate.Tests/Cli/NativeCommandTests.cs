using System.Text.Json;
using Replicate.Tests.Storage;
using Replicate.Tests.Storage.S3;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>The command as a native program: nothing that the engine or a cloud's client finds by reflection is missing.</summary>
public class NativeCommandTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("disk")]
    [InlineData("Ceph")]
    [InlineData("Google")]
    [InlineData("Azurite")]
    public async Task A_run_is_recorded_listed_checked_out_and_removed(string server)
    {
        using var project = new TemporaryDirectory();
        using var state = new TemporaryDirectory();
        var (url, variables) = await PlaceAsync(server, project.Path);
        await File.WriteAllTextAsync(Path.Combine(project.Path, "replicate.yaml"), $"repository: \"{url}\"\n", Token);
        await File.WriteAllTextAsync(Path.Combine(project.Path, ".replicateignore"), "*.log\n", Token);
        await File.WriteAllTextAsync(Path.Combine(project.Path, "noise.log"), "noise", Token);
        await File.WriteAllTextAsync(Path.Combine(project.Path, "train.py"), "print('train')", Token);
        Task<string> RunAsync(params string[] arguments) =>
            ReplicateAsync(["-D", project.Path, .. arguments], [.. variables, ("XDG_STATE_HOME", state.Path), ("XDG_CACHE_HOME", state.Path)]);

        await RunAsync(
            "run", "--path", ".", "--checkpoint-path", "model.pth", "-p", "rate=0.1", "-m", "loss", "--",
            "/bin/sh", "-c", $"cd '{project.Path}'; echo weights > model.pth; echo 'step: 1, loss: 0.25'");

        using var list = JsonDocument.Parse(await RunAsync("ls", "--json", "--filter", "rate < 0.2"));
        var experiment = Assert.Single(list.RootElement.EnumerateArray().ToList());
        Assert.Equal("completed", experiment.GetProperty("powershell").GetProperty("status").GetString());
        var id = experiment.GetProperty("id").GetString()!;
        Assert.Contains("0.25", await RunAsync("show", id), StringComparison.Ordinal);

        var target = Path.Combine(state.Path, "out");
        await RunAsync("checkout", id, "-o", target);
        Assert.Equal("weights\n", await File.ReadAllTextAsync(Path.Combine(target, "model.pth"), Token));
        Assert.Equal("print('train')", await File.ReadAllTextAsync(Path.Combine(target, "train.py"), Token));
        Assert.False(File.Exists(Path.Combine(target, "noise.log")));

        await RunAsync("rm", "-f", id);
        Assert.Equal("[]", (await RunAsync("ls", "--json")).Trim());
    }

    private async Task<(string Url, (string Name, string Value)[] Variables)> PlaceAsync(string server, string directory) => server switch
    {
        "disk" => ($"file://{directory}/.replicate", []),
        "Google" => ($"gs://{S3TestStore.NewBucket()}/root", [("STORAGE_EMULATOR_HOST", await servers.GoogleAsync())]),
        _ => (server == "Ceph" ? ServerPlace.Of(await servers.CephAsync()) : ServerPlace.Of(await servers.AzuriteAsync())) is var place
            ? (place.Url, place.Variables) : default,
    };

    private static async Task<string> ReplicateAsync(string[] arguments, (string Name, string Value)[] variables)
    {
        var program = Path.Combine(Checkout.Root, "out", "native", OperatingSystem.IsWindows() ? "replicate.exe" : "replicate");
        Assert.SkipUnless(File.Exists(program), "The native command is made by './build.sh native', and by the release that all tests make.");
        using var command = ChildProcess.Start(program, arguments, variables);
        var (exitCode, output, errors) = await command.WaitAsync();
        Assert.True(exitCode == 0, errors);
        return output;
    }
}
