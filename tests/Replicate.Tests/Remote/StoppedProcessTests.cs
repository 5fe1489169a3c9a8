using System.Security.Cryptography;
using Replicate.Adapters.Gcs;
using Replicate.Tests.Storage;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Storage.Gcs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Remote;

/// <summary>A process that was stopped (SIGSTOP) while it sends to a slow server, or while it holds the lock of a repository.</summary>
public sealed class StoppedProcessTests : IDisposable
{
    private readonly GcsStandIn _server = new();
    private readonly CollectedLog _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_stopped_sender_holds_up_no_list_and_is_waited_for_by_name_until_its_work_is_taken_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP");
        var store = new GcsStore("gs://stopped/root", new GcsSettings(_server.Url));
        using var machine = new Machine(() => store);
        await File.WriteAllBytesAsync(Path.Combine(machine.Directory, "model.pth"), RandomNumberGenerator.GetBytes(20_000_000), Token);
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var proxy = new FaultProxy(
            _server.Url,
            request => request.Method == "PUT" && reached.TrySetResult() ? new Fault.Pause(goOn.Task) : null);
        using var child = new ChildProcess(["run", machine.Directory], [("STORAGE_EMULATOR_HOST", proxy.Url)]);
        var id = await child.ReadLineAsync();
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        child.Signal("STOP");

        var experiment = Assert.Single(await machine.ListAsync());
        Assert.True(experiment.Pending);
        using (Log.SendTo(_log))
        {
            await Task.WhenAll(
                experiment.SetAsync(["kept"], "after the stop", Token), machine.Project.SyncAsync(cancellationToken: Token),
                experiment.StopAsync(cancellationToken: Token));
        }

        Assert.Contains(_log.Warnings, warning => warning.Contains($"Process {child.Id} on ", StringComparison.Ordinal) && warning.Contains($"experiment {id} (", StringComparison.Ordinal));
        goOn.SetResult();
        child.Signal("CONT");
        await child.WaitAsync();

        using var other = new Machine(() => store);
        var found = Assert.Single(await other.ListAsync());
        Assert.Equal((id, "after the stop", false), (found.Id, found.Note, found.Pending));
        await found.CheckOutAsync(Assert.Single(found.Checkpoints), new CheckOutOptions { OutputDirectory = other.Outside("out") }, cancellationToken: Token);
        Assert.Equal(20_000_000, new FileInfo(Path.Combine(other.Outside("out"), "model.pth")).Length);
        Assert.Equal(0, await machine.Project.SyncAsync(cancellationToken: Token));
        await found.DeleteAsync(Token);
        Assert.Empty(await machine.ListAsync());
    }

    [Fact]
    public async Task With_a_stopped_writer_of_the_repository_lists_go_on_and_every_writing_command_names_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Others do not tell who holds a lock");
        using var project = new TestProject();
        project.Directory.Write("model.pth", "weights");
        var experiment = await project.CreateAsync(path: "model.pth");
        await experiment.AddAsync(ExperimentSteps.Loss(0.5), path: "model.pth");
        await project.Project.SyncAsync(cancellationToken: Token);
        using var child = new ChildProcess(["lock", project.RepositoryPath], []);
        Assert.Equal("locked", await child.ReadLineAsync());
        child.Signal("STOP");

        var listed = Assert.Single(await project.ListAsync());
        Assert.Single(await listed.ListFilesAsync(null, Token));
        using var other = new TestProject();
        await listed.CopyToAsync(other.Project, cancellationToken: Token);
        var commands = new Dictionary<string, Func<Project, Task>>
        {
            ["create"] = one => one.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token),
            ["add"] = async one => await (await one.Experiments.GetAsync(listed.Id, Token)).AddAsync(ExperimentSteps.Loss(0.25)),
            ["set"] = async one => await (await one.Experiments.GetAsync(listed.Id, Token)).SetAsync(["tag"], null, Token),
            ["stop"] = async one => await (await one.Experiments.GetAsync(listed.Id, Token)).StopAsync(cancellationToken: Token),
            ["remove"] = async one => await (await one.Experiments.GetAsync(listed.Id, Token)).DeleteAsync(Token),
        };
        var failures = await Task.WhenAll(commands.Select(async command => (
            command.Key, Error: await Record.ExceptionAsync(() => command.Value(new Project($"file://{project.RepositoryPath}", project.Directory.Path))))));

        Assert.All(failures, failure =>
        {
            var error = Assert.IsType<ReplicateException>(failure.Error);
            Assert.Equal((failure.Key, "RepositoryLocked"), (failure.Key, error.Id));
            Assert.Contains($"Process {child.Id} (", error.Message, StringComparison.Ordinal);
            Assert.Contains(", which is stopped, holds the lock", error.Message, StringComparison.Ordinal);
            Assert.Contains($"kill -CONT {child.Id}", error.RecommendedAction, StringComparison.Ordinal);
        });

        child.Signal("CONT");
        child.WriteLine("");
        await child.WaitAsync();
        foreach (var command in commands)
        {
            await command.Value(project.Project);
        }

        Assert.DoesNotContain(listed.Id, (await project.ListAsync()).Select(left => left.Id));
    }
}
