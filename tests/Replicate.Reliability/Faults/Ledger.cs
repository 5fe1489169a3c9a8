using System.Collections.Concurrent;
using System.Globalization;

namespace Replicate.Reliability.Faults;

/// <summary>
/// What was acknowledged: calls that returned. Everything that is recorded carries a number, and its files say the same
/// number, so that what is found can be told to be whole, whoever wrote it.
/// </summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<string, bool> _experiments = new();
    private readonly ConcurrentDictionary<string, (string Experiment, bool IsDeleted)> _checkpoints = new();
    private readonly ConcurrentDictionary<string, bool> _stopped = new();
    private readonly ConcurrentDictionary<string, bool> _uncertain = new();

    /// <summary>How many experiments, checkpoints and ends were acknowledged.</summary>
    public int Count => _experiments.Count + _checkpoints.Count + _stopped.Count;

    /// <summary>An experiment was created.</summary>
    public void Created(string id) => _experiments[id] = true;

    /// <summary>A checkpoint was added.</summary>
    public void Added(string experiment, string id) => _checkpoints[id] = (experiment, false);

    /// <summary>An experiment was stopped.</summary>
    public void Stopped(string id) => _stopped[id] = true;

    /// <summary>Something is going to be deleted: from now on it may be there or not.</summary>
    public void Deleting(string id) => _uncertain[id] = true;

    /// <summary>Something was deleted.</summary>
    public void Deleted(string id)
    {
        _experiments.TryUpdate(id, false, true);
        if (_checkpoints.TryGetValue(id, out var checkpoint))
        {
            _checkpoints[id] = checkpoint with { IsDeleted = true };
        }

        _uncertain.TryRemove(id, out _);
    }

    /// <summary>The file that goes with an experiment.</summary>
    public static string CodeOf(long number) => string.Create(CultureInfo.InvariantCulture, $"code {number} {new string('x', (int)(number % 7) * 1000)}");

    /// <summary>The file that goes with a checkpoint.</summary>
    public static string WeightsOf(long number) => string.Create(CultureInfo.InvariantCulture, $"weights {number} {new string('w', (int)(number % 5) * 5000)}");

    /// <summary>Compares a listing with what was acknowledged.</summary>
    /// <returns>What is lost, doubled or back again.</returns>
    public IEnumerable<string> Compare(IReadOnlyList<Experiment> listed)
    {
        var found = listed.ToLookup(experiment => experiment.Id);
        foreach (var (id, isThere) in _experiments)
        {
            if (found[id].Count() != (isThere ? 1 : 0) && !(_uncertain.ContainsKey(id) && found[id].Count() <= 1))
            {
                yield return $"experiment {id} is listed {found[id].Count()} times, but was acknowledged as {(isThere ? "created" : "deleted")}";
            }
        }

        foreach (var (id, (experimentId, isDeleted)) in _checkpoints)
        {
            if (!_experiments.GetValueOrDefault(experimentId, true) || _uncertain.ContainsKey(experimentId) || found[experimentId].FirstOrDefault() is not { } experiment)
            {
                continue;
            }

            var times = experiment.Checkpoints.Count(checkpoint => checkpoint.Id == id);
            if (times != (isDeleted ? 0 : 1) && !(_uncertain.ContainsKey(id) && times <= 1))
            {
                yield return $"checkpoint {id} of {experimentId} is listed {times} times, but was acknowledged as {(isDeleted ? "deleted" : "added")}";
            }
        }

        foreach (var id in _stopped.Keys)
        {
            if (found[id].FirstOrDefault() is { Status: not ExperimentStatus.Completed } experiment)
            {
                yield return $"experiment {id} was stopped, but is {experiment.Status}";
            }
        }
    }

    /// <summary>Checks out all that is listed with files, and compares these with the numbers recorded beside them.</summary>
    /// <param name="listed">What is listed.</param>
    /// <param name="scratch">Where to.</param>
    /// <param name="isKnown">Ids that need not be looked at again; those that are whole are added.</param>
    public static async Task<List<string>> CheckFilesAsync(IReadOnlyList<Experiment> listed, Scratch scratch, ISet<string> isKnown)
    {
        var wrong = new List<string>();
        foreach (var experiment in listed)
        {
            foreach (var checkpoint in new Checkpoint?[] { null }.Concat(experiment.Checkpoints))
            {
                var id = checkpoint?.Id ?? experiment.Id;
                if ((checkpoint?.Path ?? experiment.Path).Length == 0 || isKnown.Contains(id))
                {
                    continue;
                }

                if (await CheckAsync(experiment, checkpoint, scratch) is { } problem)
                {
                    wrong.Add($"{id} is listed, but {problem}");
                }
                else
                {
                    isKnown.Add(id);
                }
            }
        }

        return wrong;
    }

    /// <summary>Checks out one of both.</summary>
    /// <returns>What is wrong; null for nothing.</returns>
    public static async Task<string?> CheckAsync(Experiment experiment, Checkpoint? checkpoint, Scratch scratch)
    {
        var target = scratch.At($"out-{Guid.NewGuid():n}");
        try
        {
            await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = target });
            var (file, expected) = checkpoint is null
                ? (experiment.Path, CodeOf(Number(experiment.Params["n"])))
                : (checkpoint.Path, WeightsOf(Number(checkpoint.Metrics["n"])));
            return await File.ReadAllTextAsync(Path.Combine(target, file)) == expected ? null : $"{file} has another content";
        }
        catch (Exception e) when (e is ReplicateException or IOException)
        {
            return $"checking out says: {e.Message}";
        }
        finally
        {
            Scratch.Remove(target);
        }
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
