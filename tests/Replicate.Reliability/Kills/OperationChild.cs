using System.Globalization;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Reliability.Kills;

/// <summary>What a process is to do until it is killed.</summary>
/// <param name="Operation">One of <see cref="OperationKills.Operations"/>.</param>
/// <param name="Directory">The project directory, which several share.</param>
/// <param name="TargetUrl">Where copies go.</param>
/// <param name="Size">How large its files are, in bytes.</param>
internal sealed record KilledWork(string Operation, string Directory, string TargetUrl, long Size)
{
    /// <summary>As arguments of a command line.</summary>
    public string[] ToArguments() => [Operation, Directory, TargetUrl, Size.ToString(CultureInfo.InvariantCulture)];

    /// <summary>From arguments of a command line.</summary>
    public static KilledWork Parse(string[] arguments) =>
        new(arguments[0], arguments[1], arguments[2], long.Parse(arguments[3], CultureInfo.InvariantCulture));
}

/// <summary>A process that does one operation over and over, until it is killed, and says what was acknowledged.</summary>
internal sealed class OperationChild
{
    private const int Enough = 10_000;

    private readonly KilledWork _work;
    private readonly Project _project;
    private readonly string _own;
    private readonly Dice _dice = new((ulong)Environment.ProcessId);
    private long _number = Environment.ProcessId * 100_000L;

    private OperationChild(KilledWork work)
    {
        _work = work;
        _project = Project.Open(work.Directory);
        _own = Path.Combine(work.Directory, $"child-{Environment.ProcessId}");
        System.IO.Directory.CreateDirectory(_own);
    }

    /// <summary>Works until the process is killed, or has done it ten thousand times.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        var child = new OperationChild(KilledWork.Parse(arguments));
        await (child._work.Operation switch
        {
            "create" => OftenAsync(child.CreateAsync),
            "add" => child.AddOftenAsync(),
            "stop" => OftenAsync(child.StopAsync),
            "set" => child.SetOftenAsync(),
            "copy" => child.CopyOftenAsync(),
            "sync" => OftenAsync(child.SyncAsync),
            "remove" => OftenAsync(child.RemoveAsync),
            "repair" => OftenAsync(child.RepairAsync),
            "restore" => child.RestoreOftenAsync(),
            var other => throw new ArgumentException($"There is no operation '{other}'."),
        });
    }

    private static async Task OftenAsync(Func<Task> work)
    {
        for (var times = 0; times < Enough; times++)
        {
            await work();
        }
    }

    private async Task<Experiment> CreateAsync()
    {
        var path = Path.Combine(_own, "train.py");
        await SizedFile.WriteAsync(path, ++_number, _work.Size);
        var experiment = await _project.Experiments.CreateAsync(new ExperimentOptions
        {
            Path = path, Params = Numbered(), Heartbeat = HeartbeatMode.None,
        });
        Said.Line("created", experiment.Id);
        return experiment;
    }

    private async Task<Checkpoint> AddAsync(Experiment experiment)
    {
        var path = Path.Combine(_own, "model.pth");
        await SizedFile.WriteAsync(path, ++_number, _work.Size);
        var checkpoint = await experiment.CheckpointAsync(new CheckpointOptions { Path = path, Metrics = Numbered() });
        Said.Line("added", experiment.Id, checkpoint.Id);
        return checkpoint;
    }

    private async Task AddOftenAsync()
    {
        var experiment = await CreateAsync();
        await OftenAsync(() => AddAsync(experiment));
    }

    private async Task StopAsync()
    {
        var experiment = await CreateAsync();
        await AddAsync(experiment);
        await experiment.StopAsync();
        Said.Line("stopped", experiment.Id);
    }

    private async Task SetOftenAsync()
    {
        var experiment = await CreateAsync();
        for (var times = 1; times <= Enough; times++)
        {
            await experiment.SetAsync([$"tag-{times}"], $"note {times}");
            Said.Line("set", experiment.Id, times.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task CopyOftenAsync()
    {
        var target = new Project(_work.TargetUrl, _own);
        for (var times = 0; times < Enough; times++)
        {
            var experiment = await CreateAsync();
            await AddAsync(experiment);
            await experiment.StopAsync();
            await experiment.CopyToAsync(target);
            Said.Line("copied", experiment.Id);
        }
    }

    private async Task SyncAsync()
    {
        var experiment = await CreateAsync();
        await AddAsync(experiment);
        await _project.SyncAsync();
        Said.Line("synced", experiment.Id);
    }

    /// <summary>Removes a checkpoint or all of an experiment.</summary>
    private async Task RemoveAsync()
    {
        var experiment = await CreateAsync();
        var checkpoint = await AddAsync(experiment);
        await AddAsync(experiment);
        if (_dice.OneIn(2))
        {
            Said.Line("deleting", checkpoint.Id);
            await experiment.DeleteCheckpointAsync(checkpoint);
            Said.Line("deleted", checkpoint.Id);
        }
        else
        {
            Said.Line("deleting", experiment.Id);
            await experiment.DeleteAsync();
            Said.Line("deleted", experiment.Id);
        }
    }

    /// <summary>Repairs what it harmed, with no grace: what others are about to promise is taken for an orphan, too.</summary>
    private async Task RepairAsync()
    {
        var experiment = await CreateAsync();
        await AddAsync(experiment);
        var (store, stray) = (_project.Workspace.Repository.Store, Dice.Of(++_number, "stray", 0));
        var id = Convert.ToHexStringLower(stray.Bytes(32));
        await store.PutAsync(RepositoryKeys.CheckpointArchive(id), ObjectContent.FromBytes(Convert.FromHexString(id)));
        Said.Line("stray", id);
        await store.PutAsync(RepositoryKeys.Heartbeat(id), ObjectContent.FromBytes("{}"u8.ToArray()));
        if (_dice.OneIn(4))
        {
            await store.DeleteAsync([RepositoryKeys.Specification]);
        }

        await foreach (var finding in _project.CheckAsync(isQuick: true, orphanAge: TimeSpan.Zero))
        {
            await _project.RepairAsync(finding);
        }

        Said.Line("repaired", id);
    }

    /// <summary>Checks out two versions of ten files in turn, in a project of its own.</summary>
    private async Task RestoreOftenAsync()
    {
        File.Copy(Path.Combine(_work.Directory, "replicate.yaml"), Path.Combine(_own, "replicate.yaml"));
        var project = Project.Open(_own);
        var files = System.IO.Directory.CreateDirectory(Path.Combine(_own, "files")).FullName;
        var versions = new List<Experiment>();
        for (var version = 0; version < 2; version++)
        {
            _number++;
            for (var file = 0; file < OperationKills.FilesOfVersion; file++)
            {
                await SizedFile.WriteAsync(Path.Combine(files, $"{file}"), _number, file == 0 ? _work.Size : 1000);
            }

            versions.Add(await project.Experiments.CreateAsync(
                new ExperimentOptions { Path = files, Params = Numbered(), Heartbeat = HeartbeatMode.None }));
        }

        await project.SyncAsync();
        Said.Line("versions", _own, versions[0].Id, versions[1].Id);
        for (var times = 0; times < Enough; times++)
        {
            await versions[times % 2].CheckOutAsync(checkpoint: null, new CheckOutOptions { Force = true });
            Said.Line("restored", versions[times % 2].Id);
        }
    }

    private Dictionary<string, object> Numbered() => new() { ["n"] = _number, ["size"] = _work.Size };
}
