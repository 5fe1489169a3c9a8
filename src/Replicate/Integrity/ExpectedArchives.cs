using System.Text;
using System.Text.RegularExpressions;
using Replicate.Repositories;

namespace Replicate.Integrity;

/// <summary>A tarball that has to be there.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Id">The id of the experiment or checkpoint.</param>
/// <param name="ExperimentId">The experiment it belongs to.</param>
/// <param name="Sha256">The SHA-256 that was recorded for it; empty for none.</param>
/// <param name="Source">The key of the metadata file that expects it, by itself or by its journals.</param>
/// <param name="IsRunning">Whether the experiment is running, so that the tarball may still be on its way.</param>
internal sealed record ExpectedArchive(string Key, string Id, string ExperimentId, string Sha256, string Source, bool IsRunning);

/// <summary>The tarballs, experiments and checkpoints that the metadata of a repository expects in it.</summary>
internal sealed partial class ExpectedArchives
{
    private readonly Dictionary<string, ExpectedArchive> _archives = [];
    private readonly HashSet<string> _experiments = [];
    private readonly Dictionary<string, string> _checkpoints = [];
    private readonly HashSet<string> _perhaps = [];

    /// <summary>The tarballs that have to be there.</summary>
    internal IReadOnlyCollection<ExpectedArchive> Archives => _archives.Values;

    /// <summary>How many experiments there are in files that can be read.</summary>
    internal int Experiments => _experiments.Count;

    /// <summary>How many checkpoints they and their journals have.</summary>
    internal int Checkpoints => _checkpoints.Count;

    /// <summary>Whether there is an experiment with that id, or perhaps one in a file that can't be read.</summary>
    internal bool HasExperiment(string id) => _experiments.Contains(id) || _perhaps.Contains(id);

    /// <summary>Whether there is an experiment with that id in a file that can be read.</summary>
    internal bool HasMetadata(string id) => _experiments.Contains(id);

    /// <summary>Whether an experiment has a checkpoint with that id.</summary>
    internal bool HasCheckpoint(string id) => _checkpoints.ContainsKey(id);

    /// <summary>Whether a tarball has an owner, or perhaps one in a file that can't be read.</summary>
    internal bool HasOwner(string key, string id) => _archives.ContainsKey(key) || _perhaps.Contains(id);

    /// <summary>Takes what an experiment's metadata says.</summary>
    /// <param name="source">The key of the file.</param>
    /// <param name="metadata">What it says.</param>
    /// <param name="isRunning">Whether somebody may be about to complete it.</param>
    /// <returns>The ids of checkpoints that were taken before, each with the experiment it was taken of.</returns>
    internal IReadOnlyList<(string Checkpoint, string Other)> Add(string source, ExperimentMetadata metadata, bool isRunning)
    {
        _experiments.Add(metadata.Id);
        if (metadata.Path.Length > 0)
        {
            Expect(RepositoryKeys.ExperimentArchive(metadata.Id), metadata.Id, metadata.Id, metadata.Extension?.Sha256 ?? "", source, isRunning);
        }

        return
        [
            .. metadata.Checkpoints.Where(checkpoint => !Add(source, metadata.Id, checkpoint, isRunning))
                .Select(checkpoint => (checkpoint.Id, _checkpoints[checkpoint.Id])),
        ];
    }

    /// <summary>Takes a checkpoint of an experiment.</summary>
    /// <returns>False where it was taken before.</returns>
    internal bool Add(string source, string experimentId, Checkpoint checkpoint, bool isRunning)
    {
        if (!_checkpoints.TryAdd(checkpoint.Id, experimentId))
        {
            return false;
        }

        if (checkpoint.Path.Length > 0)
        {
            Expect(RepositoryKeys.CheckpointArchive(checkpoint.Id), checkpoint.Id, experimentId, checkpoint.Sha256, source, isRunning);
        }

        return true;
    }

    /// <summary>Takes an id of which nobody can say yet whether its saved files have to be there: they have an owner.</summary>
    internal void AddPerhaps(string id) => _perhaps.Add(id);

    /// <summary>Takes a metadata file that can't be read: whatever looks like an id in it may be one.</summary>
    internal void AddDamaged(string experimentId, ReadOnlyMemory<byte> content)
    {
        _perhaps.Add(experimentId);
        _perhaps.UnionWith(Ids().Matches(Encoding.Latin1.GetString(content.Span)).Select(match => match.Value));
    }

    private void Expect(string key, string id, string experimentId, string sha256, string source, bool isRunning) =>
        _archives.TryAdd(key, new ExpectedArchive(key, id, experimentId, sha256, source, isRunning));

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Ids();
}
