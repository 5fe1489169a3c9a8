using System.Collections.Concurrent;
using Replicate.Storage;

namespace Replicate.Reliability.Faults;

/// <summary>A run that records, lists, checks out, copies and deletes while its store fails, and what is left of it.</summary>
/// <param name="place">Where the repository is.</param>
/// <param name="kind">What goes wrong.</param>
/// <param name="seed">Of the whole run.</param>
/// <param name="number">Of this scenario.</param>
/// <param name="scratch">A directory of this scenario.</param>
internal sealed class Scenario(Place place, FaultKind kind, long seed, long number, Scratch scratch) : ILogSink
{
    private const int Steps = 14;
    private const int MostFaults = 4;

    private readonly Dice _dice = Dice.Of(seed, $"{place.Name} {kind}", number);
    private readonly Ledger _ledger = new();
    private readonly List<Experiment> _experiments = [];
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly List<string> _failures = [];
    private int _faults;
    private int _numbers;

    /// <summary>How many operations went wrong.</summary>
    public int Faults => _faults;

    /// <summary>How much was acknowledged.</summary>
    public int Acknowledged => _ledger.Count;

    public void Warn(string message) => _warnings.Enqueue(message);

    public void Verbose(string message)
    {
    }

    /// <summary>Runs it.</summary>
    /// <returns>What is lost or wrong.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        using var log = Log.SendTo(this);
        var name = $"{kind}-{number}";
        var clean = place.OpenStore(name, scratch);
        var faulty = new FaultyStore(clean);
        var project = Remote.Open(scratch.Directory("project"), faulty);
        var dice = Dice.Of(seed, $"{place.Name} {kind} plan", number);
        faulty.Plan = (operation, verb, key) => PlanOf(dice, verb);
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                await StepAsync(project);
            }

            faulty.Plan = (_, _, _) => null;
            await Remote.Open(scratch.At("project"), faulty).SyncAsync();
            await VerifyAsync(clean);
        }
        catch (Exception e)
        {
            _failures.Add(e.ToString());
        }

        return [.. _failures.Select(failure => $"{place.Name}, {kind}, scenario {number} of seed {seed}: {failure}")];
    }

    private FaultKind? PlanOf(Dice dice, string verb)
    {
        lock (dice)
        {
            var applies = kind != FaultKind.Truncate || verb is "read" or "open";
            return applies && dice.OneIn(kind == FaultKind.Truncate ? 3 : 6) && Interlocked.Increment(ref _faults) <= MostFaults ? kind : null;
        }
    }

    private async Task StepAsync(Project project)
    {
        try
        {
            var experiment = _experiments.Count == 0 ? null : _dice.Pick(_experiments);
            switch (experiment is null ? 0 : _dice.Below(12))
            {
                case 0 or 1:
                    await CreateAsync(project);
                    break;
                case < 7:
                    await AddAsync(experiment!);
                    break;
                case 7:
                    await experiment!.StopAsync();
                    _ledger.Stopped(experiment!.Id);
                    _experiments.Remove(experiment);
                    break;
                case 8:
                    await ListAsync(project);
                    break;
                case 9:
                    await CheckOutAsync(experiment!);
                    break;
                case 10:
                    await DeleteAsync(experiment!);
                    break;
                default:
                    await CopyAsync(experiment!);
                    break;
            }
        }
        catch (ReplicateException)
        {
            // Not acknowledged: it may have happened or not.
        }
    }

    private async Task CreateAsync(Project project)
    {
        var n = ++_numbers;
        scratch.Write("project/train.py", Ledger.CodeOf(n));
        var experiment = await project.Experiments.CreateAsync(new ExperimentOptions
        {
            Path = "train.py", Params = new Dictionary<string, object> { ["n"] = n },
            Heartbeat = _dice.OneIn(4) ? HeartbeatMode.Detached : HeartbeatMode.None,
        });
        _ledger.Created(experiment.Id);
        _experiments.Add(experiment);
    }

    private async Task AddAsync(Experiment experiment)
    {
        var n = ++_numbers;
        scratch.Write("project/model.pth", Ledger.WeightsOf(n));
        var checkpoint = await experiment.CheckpointAsync(new CheckpointOptions
        {
            Metrics = new Dictionary<string, object> { ["n"] = n }, Path = _dice.OneIn(3) ? null : "model.pth",
        });
        _ledger.Added(experiment.Id, checkpoint.Id);
    }

    /// <summary>Whatever a listing says while the store fails: what it leaves out it warns of.</summary>
    private async Task ListAsync(Project project)
    {
        var before = _warnings.Count;
        var missing = _ledger.Compare(await project.Experiments.ListAsync()).ToList();
        if (missing.Count > 0 && _warnings.Count == before)
        {
            _failures.Add($"a list without a warning while the store failed: {missing[0]}");
        }
    }

    /// <summary>What is checked out while the store fails is right, or nothing is.</summary>
    private async Task CheckOutAsync(Experiment experiment)
    {
        var checkpoint = experiment.Checkpoints.Count == 0 || _dice.OneIn(3) ? null : _dice.Pick(experiment.Checkpoints);
        if (await Ledger.CheckAsync(experiment, checkpoint?.Path.Length > 0 ? checkpoint : null, scratch) is { } wrong
            && wrong.Contains("content", StringComparison.Ordinal))
        {
            _failures.Add($"checking out while the store failed: {wrong}");
        }
    }

    private async Task DeleteAsync(Experiment experiment)
    {
        if (experiment.Checkpoints.Count > 0 && _dice.OneIn(2))
        {
            var checkpoint = _dice.Pick(experiment.Checkpoints);
            _ledger.Deleting(checkpoint.Id);
            await experiment.DeleteCheckpointAsync(checkpoint);
            _ledger.Deleted(checkpoint.Id);
        }
        else
        {
            _ledger.Deleting(experiment.Id);
            _experiments.Remove(experiment);
            await experiment.DeleteAsync();
            _ledger.Deleted(experiment.Id);
        }
    }

    private async Task CopyAsync(Experiment experiment)
    {
        var copies = new Project($"file://{scratch.At("copies")}", scratch.Directory("copies-project"));
        var copy = await experiment.CopyToAsync(copies, force: true);
        _failures.AddRange((await Ledger.CheckFilesAsync([copy], scratch, new HashSet<string>())).Select(wrong => $"a copy: {wrong}"));
    }

    private async Task VerifyAsync(IObjectStore clean)
    {
        // As another machine sees it, with nothing of this one's local state.
        var other = Remote.Open(scratch.Directory("other"), clean);
        var listed = await other.Experiments.ListAsync();
        _failures.AddRange(_ledger.Compare(listed));
        _failures.AddRange(await Ledger.CheckFilesAsync(listed, scratch, new HashSet<string>()));
        foreach (var rejected in Directory.EnumerateDirectories(scratch.At("project"), "rejected", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var files = Directory.GetFiles(rejected);
            if (files.Length > 0)
            {
                _failures.Add($"{files.Length} operations were put aside, such as {Path.GetFileName(files[0])}");
            }
        }
    }
}
