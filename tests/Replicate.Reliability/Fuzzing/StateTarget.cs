using Replicate.Configuration;
using Replicate.Metadata;
using Replicate.Reliability.Faults;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Reliability.Fuzzing;

/// <summary>
/// Files that the engine itself wrote, one of them changed: those of a repository on a disk, of what is known of a remote
/// one, or of what waits to be sent. Whatever their form is in this release, they are found by looking.
/// </summary>
internal abstract class StateTarget(string name, int share) : FuzzTarget(name, share)
{
    private readonly Mutator _mutator = new(Mutator.MaxLength, "{", "}", "\"", "[", "]", ":", ",", "\n", "null", "1e308", "\\ud800", "../", "\"id\":", "\"path\":\"x\"");
    private List<(string Name, byte[] Content)> _files = [];
    private (string Name, byte[] Content) _changed;

    protected Scratch Scratch { get; } = new();

    /// <summary>The directory whose files are changed: absolute, or relative to <see cref="Scratch"/>.</summary>
    protected abstract string Directory { get; }

    public override async Task PrepareAsync(long seed)
    {
        await WriteAsync();
        _files = [.. System.IO.Directory
            .EnumerateFiles(Scratch.At(Directory), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(file => !file.EndsWith(".tar.gz", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(Scratch.At(Directory), file), File.ReadAllBytes(file)))];
        if (_files.Count == 0)
        {
            throw new FuzzFailure($"The engine wrote nothing below {Directory}.");
        }
    }

    public override byte[] Make(Dice dice)
    {
        _changed = dice.Pick(_files);
        var input = _mutator.Mutate(_changed.Content, [.. _files.Select(file => file.Content)], dice);
        return dice.OneIn(4) ? input : WithChecksum(input, _changed.Content);
    }

    public override async Task RunAsync(byte[] input, Dice dice)
    {
        Restore();
        File.WriteAllBytes(Scratch.At(Directory, _changed.Name), input);
        await ReadAsync(_changed.Name, dice);
    }

    public override void Dispose()
    {
        Scratch.Dispose();
        base.Dispose();
    }

    /// <summary>Has the engine write the files.</summary>
    protected abstract Task WriteAsync();

    /// <summary>A changed file with the checksum that it has to have, so that what lies behind that is read.</summary>
    /// <param name="changed">The changed file.</param>
    /// <param name="original">As the engine wrote it.</param>
    protected virtual byte[] WithChecksum(byte[] changed, byte[] original) =>
        MetadataSeal.Remove(changed) is { } open ? MetadataSeal.Add(open) : changed;

    /// <summary>Has the engine read them, one of them changed.</summary>
    protected abstract Task ReadAsync(string changed, Dice dice);

    /// <summary>Puts all files back that were written.</summary>
    protected virtual void Restore()
    {
        foreach (var (file, content) in _files)
        {
            Scratch.Write(Path.Combine(Directory, file), content);
        }
    }

    protected static async Task<Experiment> RecordAsync(Project project, string note)
    {
        var experiment = await project.Experiments.CreateAsync(new ExperimentOptions
        {
            Path = "train.py", Note = note, Params = new Dictionary<string, object> { ["rate"] = 0.1 }, Heartbeat = HeartbeatMode.None,
        });
        for (var step = 0; step < 3; step++)
        {
            await experiment.CheckpointAsync(new CheckpointOptions
            {
                Metrics = new Dictionary<string, object> { ["loss"] = 1.0 / (1 + step) }, Path = step == 1 ? "train.py" : null,
                PrimaryMetric = new PrimaryMetric("loss", Goal.Minimize),
            });
        }

        return experiment;
    }

    /// <summary>Asks an experiment all that a person may.</summary>
    protected static void Look(Experiment experiment) =>
        _ = $"{experiment} {experiment.Best()} {experiment.Latest()?.Metrics} {experiment.Duration} {experiment.Params} {experiment.Tags} "
            + $"{experiment.Environment} {experiment.Git} {experiment.Created} {experiment.Ended} {experiment.PrimaryMetric} {experiment.Checkpoints}";
}

/// <summary>A repository on a disk: one changed file must not hide, or change, the other experiment.</summary>
internal sealed class RepositoryTarget() : StateTarget("repository", 12)
{
    private const string Specification = "repository.json";
    private string _first = "";
    private string _second = "";

    protected override string Directory => "repository";

    private string Url => $"file://{Scratch.At(Directory)}";

    protected override async Task WriteAsync()
    {
        Scratch.Write("project/train.py", "print('train')");
        var project = new Project(Url, Scratch.At("project"));
        _first = (await RecordAsync(project, "first")).Id;
        var second = await RecordAsync(project, "second");
        _second = second.Id;
        await second.StopAsync(ExperimentStatus.Failed, 3);
        var now = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        Scratch.Write($"{Directory}/metadata/heartbeats/{_first}.json", $$"""{"experiment_id": "{{_first}}", "last_heartbeat": "{{now}}"}""");
    }

    protected override async Task ReadAsync(string changed, Dice dice)
    {
        var project = new Project(Url, Scratch.At("project"));
        var listed = await project.Experiments.ListAsync(new ExperimentQuery { Sort = "loss-desc", Filter = ["loss != 7"] });
        foreach (var experiment in listed)
        {
            Look(experiment);
        }

        // What belongs to one experiment alone says nothing of the other.
        foreach (var (id, other) in new[] { (_first, _second), (_second, _first) })
        {
            if (changed != Specification && !changed.Contains(id, StringComparison.Ordinal) && changed.Contains(other, StringComparison.Ordinal)
                && listed.SingleOrDefault(found => found.Id == id && found.Checkpoints.Count == 3 && found.Latest()!.Metrics["loss"] is double) is null)
            {
                throw new FuzzFailure($"With '{changed}' changed, the other experiment is not listed as it was, or twice.");
            }
        }

        if (dice.OneIn(4) && listed.Count > 0)
        {
            var one = dice.Pick(listed);
            await one.SetAsync(["tag"], "note");
            await one.RefreshAsync();
            await one.DeleteAsync();
        }
    }
}

/// <summary>
/// What a machine keeps of a remote repository: with whatever is in it, a listing says what the repository says. Where the
/// checksum is right, too, it may say something else, for only the user writes there; but it ends, and the next one is right
/// where it says that the index is damaged.
/// </summary>
internal sealed class CacheTarget() : StateTarget("cache", 10)
{
    private FaultyStore? _store;
    private string _truth = "";

    protected override string Directory => LocalState.CacheFor(Remote.Open(Scratch.At("project"), _store!).Configuration);

    protected override async Task WriteAsync()
    {
        Scratch.Write("bucket/repository.json", "{\"version\":1}");
        for (var i = 0; i < 5; i++)
        {
            Scratch.Write($"bucket/metadata/experiments/e{i}.json", $$"""
                {"id": "e{{i}}", "created": "2020-09-0{{i + 1}}T21:42:25Z", "command": "c{{i}}", "params": {"rate": {{i}}}, "checkpoints": [
                {"id": "c{{i}}", "created": "2020-09-09T21:42:25Z", "metrics": {"loss": 0.{{i}}}, "step": {{i}}}]}
                """);
        }

        Scratch.Write("project/replicate.yaml", "repository: s3://bucket/root");
        _store = new FaultyStore(new DiskStore(Scratch.At("bucket")), "s3://bucket/root");
        _truth = await ListAsync();
        _truth = await ListAsync();
    }

    // Behind the checksum stands who wrote it; after that comes what is read.
    protected override byte[] WithChecksum(byte[] changed, byte[] original)
    {
        var head = sizeof(uint) + 16 + (sizeof(char) * _store!.Url.Length);
        if (changed.Length < head)
        {
            return changed;
        }

        original.AsSpan(0, head).CopyTo(changed);
        BitConverter.TryWriteBytes(changed, Crc32C.Append(Crc32C.Start, changed.AsSpan(sizeof(uint))));
        return changed;
    }

    protected override async Task ReadAsync(string changed, Dice dice)
    {
        var bytes = File.ReadAllBytes(Scratch.At(Directory, changed));
        var isForged = bytes.Length > sizeof(uint) && BitConverter.ToUInt32(bytes) == Crc32C.Append(Crc32C.Start, bytes.AsSpan(sizeof(uint)));
        await Remote.Open(Scratch.At("project"), _store!).Experiments.ListKnownAsync(dice.Pick(["", "e1", "c"]));
        try
        {
            foreach (var experiment in await Remote.Open(Scratch.At("project"), _store!).Experiments.ListAsync(new ExperimentQuery { Sort = "loss-desc" }))
            {
                Look(experiment);
                _ = experiment.Checkpoints.Select(checkpoint => $"{checkpoint.Id} {checkpoint.Metrics} {checkpoint.Created}").Count();
            }
        }
        catch (ReplicateException e) when (isForged && e.Id == "IndexDamaged")
        {
            isForged = false;
        }

        if (!isForged && await ListAsync() is var listed && listed != _truth)
        {
            throw new FuzzFailure($"With '{changed}' changed, the listing says:\n{listed}");
        }
    }

    private async Task<string> ListAsync()
    {
        var experiments = await Remote.Open(Scratch.At("project"), _store!).Experiments.ListAsync();
        return string.Join('\n', experiments.Select(experiment =>
            $"{experiment.Id} {experiment.Command} {experiment.Params} {string.Join(',', experiment.Checkpoints.Select(c => $"{c.Id} {c.Metrics} {c.Step}"))}"));
    }
}

/// <summary>What waits to be sent: what a changed file doesn't concern arrives, and nothing is listed twice.</summary>
internal sealed class SpoolTarget() : StateTarget("spool", 2)
{
    private FaultyStore? _store;
    private string[] _ids = [];

    protected override string Directory => LocalState.DirectoryFor(Remote.Open(Scratch.At("project"), _store!).Configuration);

    protected override async Task WriteAsync()
    {
        Scratch.Write("project/replicate.yaml", "repository: s3://bucket/root");
        Scratch.Write("project/train.py", "print('train')");
        _store = new FaultyStore(new DiskStore(Scratch.At("bucket")), "s3://bucket/root") { Plan = (_, operation, _) => operation == "put" ? FaultKind.Fail : null };
        var project = Remote.Open(Scratch.At("project"), _store);
        _ids = [(await RecordAsync(project, "first")).Id, (await RecordAsync(project, "second")).Id];
    }

    protected override void Restore()
    {
        Scratch.Remove(Scratch.At("bucket"));
        Scratch.Remove(Scratch.At(Directory));
        base.Restore();
    }

    protected override async Task ReadAsync(string changed, Dice dice)
    {
        _store!.Plan = (_, _, _) => null;
        var project = Remote.Open(Scratch.At("project"), _store);
        foreach (var experiment in await project.Experiments.ListAsync())
        {
            Look(experiment);
        }

        await project.SyncAsync();
        var listed = await project.Experiments.ListAsync();
        if (listed.Select(experiment => experiment.Id).Distinct().Count() != listed.Count)
        {
            throw new FuzzFailure("An experiment is listed twice.");
        }

        if (!_ids.Any(id => listed.Any(found => found.Id == id)))
        {
            throw new FuzzFailure($"With '{changed}' changed, neither experiment arrived.");
        }
    }
}
