using System.Globalization;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Reliability.Kills;

/// <summary>What is there after processes were killed, seen by others: first by who uses the same checkout, then by another machine.</summary>
/// <param name="directory">The project directory of the processes.</param>
/// <param name="url">Their repository.</param>
/// <param name="copiesUrl">Where they copied to.</param>
/// <param name="said">What they said.</param>
/// <param name="scratch">A directory for check-outs.</param>
internal sealed class OperationLook(string directory, string url, string copiesUrl, Said said, Scratch scratch)
{
    private const int NewestOfExperiment = 3;

    private readonly Project _same = Project.Open(directory);
    private readonly Project _other = new(url, scratch.Directory($"other-{Path.GetFileName(directory)}"));
    private readonly Project _copies = new(copiesUrl, scratch.Directory($"copies-{Path.GetFileName(directory)}"));
    private readonly List<string> _failures = [];

    /// <summary>Each thing that is lost, wrong, or left over.</summary>
    public async Task<IReadOnlyList<string>> FailuresAsync()
    {
        try
        {
            // What was said to be sent does not need the machine that recorded it.
            var sent = (await _other.Experiments.ListAsync()).Select(experiment => experiment.Id).ToHashSet();
            _failures.AddRange(said.Synced.Keys.Where(id => !sent.Contains(id)).Select(id => $"{id} was sent, but is not there"));
            await LookAtVersionsAsync();
            _failures.AddRange(said.Ledger.Compare(await _same.Experiments.ListAsync()).Select(failure => $"before sending: {failure}"));
            await _same.SyncAsync();
            await MendAsync(_other);
            var listed = await _other.Experiments.ListAsync();
            _failures.AddRange(said.Ledger.Compare(listed));
            LookAtNotes(listed);
            await LookAtFilesAsync(listed);
            await LookAtCopiesAsync();
            await LookForLeftoversAsync();
        }
        catch (ReplicateException error) when (error.Kind == ErrorKind.NotFound && said.Count == 0)
        {
            // Nothing was written before all of them were killed.
        }
        catch (ReplicateException error)
        {
            _failures.Add(error.ToString());
        }

        return _failures;
    }

    /// <summary>Removes all of it.</summary>
    public async Task ClearAsync()
    {
        foreach (var store in new[] { _other.Workspace.Repository.Store, _copies.Workspace.Repository.Store })
        {
            try
            {
                await store.DeleteAsync(await store.ListAsync("").Select(info => info.Key).ToListAsync());
            }
            catch (ReplicateException error) when (error.Kind == ErrorKind.NotFound)
            {
                // Nothing was written before all of them were killed.
            }
        }

        Scratch.Remove(directory);
    }

    /// <summary>Repairs a repository; what an interrupted removal left is not whole before.</summary>
    private async Task MendAsync(Project project)
    {
        for (var round = 1; round <= 2; round++)
        {
            await foreach (var finding in project.CheckAsync(isQuick: round == 1))
            {
                if (finding.IsRepairable)
                {
                    await project.RepairAsync(finding);
                }
                else if (finding.Severity == FindingSeverity.Error)
                {
                    _failures.Add($"round {round}: {finding.Kind} {finding}");
                }
            }
        }

        await foreach (var finding in project.CheckAsync(isQuick: true))
        {
            _failures.Add($"after repairing: {finding.Kind} {finding}");
        }
    }

    private void LookAtNotes(IReadOnlyList<Experiment> listed)
    {
        foreach (var (id, number) in said.Set)
        {
            var experiment = listed.FirstOrDefault(experiment => experiment.Id == id);
            var note = experiment?.Note.Split(' ') is [_, var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
            if (note < number || note > number + 1 || experiment!.Tags.Single() != $"tag-{note}")
            {
                _failures.Add($"the note of {id} was set to {number}, and is '{experiment?.Note}' with the tags '{experiment?.Tags}'");
            }
        }
    }

    private async Task LookAtFilesAsync(IReadOnlyList<Experiment> listed)
    {
        foreach (var experiment in listed.Where(experiment => Path.GetFileName(experiment.Path) == "train.py"))
        {
            foreach (var checkpoint in experiment.Checkpoints.TakeLast(NewestOfExperiment).DefaultIfEmpty(null))
            {
                var target = scratch.At($"out-{Guid.NewGuid():n}");
                try
                {
                    await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = target });
                    if (!await IsAsync(target, experiment.Path, experiment.Params)
                        || (checkpoint is not null && !await IsAsync(target, checkpoint.Path, checkpoint.Metrics)))
                    {
                        _failures.Add($"{checkpoint?.Id ?? experiment.Id} has another content");
                    }
                }
                catch (Exception error) when (error is ReplicateException or IOException)
                {
                    _failures.Add($"{checkpoint?.Id ?? experiment.Id} is listed, but checking out says: {error.Message}");
                }
                finally
                {
                    Scratch.Remove(target);
                }
            }
        }
    }

    private static Task<bool> IsAsync(string target, string path, ValueMap values) =>
        SizedFile.IsAsync(Path.Combine(target, path), Number(values["n"]), Number(values["size"]));

    private async Task LookAtCopiesAsync()
    {
        var copies = await _copies.Experiments.ListAsync();
        if (copies.Count == 0 && said.Copied.IsEmpty)
        {
            return;
        }

        _failures.AddRange(said.Copied.Keys.Where(id => !copies.Any(copy => copy.Id == id)).Select(id => $"{id} was copied, but is not there"));
        await LookAtFilesAsync(copies);

        // What was interrupted goes on where it was.
        var originals = (await _other.Experiments.ListAsync()).Where(experiment => experiment.Checkpoints.Count > 0).ToList();
        var results = await _copies.Experiments.CopyFromAsync(originals);
        _failures.AddRange(results.Where(result => result.Error is not null && result.Error.Id != "ExperimentExists").Select(result => $"copying again: {result.Error}"));
        await MendAsync(_copies);
        await LookAtFilesAsync(await _copies.Experiments.ListAsync());
    }

    /// <summary>Nothing is left of what was deleted, and what was moved aside is still what it was.</summary>
    private async Task LookForLeftoversAsync()
    {
        var store = _other.Workspace.Repository.Store;
        var keys = await store.ListAsync("").Select(info => info.Key).ToListAsync();
        foreach (var key in keys.Where(key => said.Deleted.Keys.Any(id => key.Contains(id, StringComparison.Ordinal))))
        {
            _failures.Add($"{key} is left of what was deleted");
        }

        foreach (var id in said.Strays.Keys)
        {
            if (keys.FirstOrDefault(key => key.EndsWith(RepositoryKeys.CheckpointArchive(id), StringComparison.Ordinal)) is not { } key
                || await store.ReadAsync(key) is not { } stored || Convert.ToHexStringLower(stored.Content.Span) != id)
            {
                _failures.Add($"the stray {id} is gone");
            }
        }
    }

    /// <summary>After the next command each directory has one version or the other whole, and nothing else.</summary>
    private async Task LookAtVersionsAsync()
    {
        foreach (var (own, (first, second)) in said.Versions)
        {
            var project = Project.Open(own);
            var versions = (await project.Experiments.ListAsync()).Where(experiment => experiment.Id == first || experiment.Id == second).ToList();
            if (!await HoldsAsync(own, versions[0]) && !await HoldsAsync(own, versions[1]))
            {
                _failures.Add($"a check-out left a mixture: {string.Join(", ", Entries(own))}");
            }

            await versions[0].CheckOutAsync(checkpoint: null, new CheckOutOptions { Force = true });
            if (!await HoldsAsync(own, versions[0]))
            {
                _failures.Add($"a check-out after one that was killed left a mixture: {string.Join(", ", Entries(own))}");
            }
        }
    }

    private static async Task<bool> HoldsAsync(string own, Experiment version)
    {
        for (var file = 0; file < OperationKills.FilesOfVersion; file++)
        {
            var path = Path.Combine(own, "files", $"{file}");
            var size = file == 0 ? Number(version.Params["size"]) : 1000;
            if (!File.Exists(path) || !await SizedFile.IsAsync(path, Number(version.Params["n"]), size))
            {
                return false;
            }
        }

        return Entries(own).Count() == OperationKills.FilesOfVersion;
    }

    private static IEnumerable<string> Entries(string own) =>
        Directory.EnumerateFileSystemEntries(Path.Combine(own, "files"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
