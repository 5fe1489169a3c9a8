using System.Text;
using System.Text.RegularExpressions;
using Replicate.Format;

namespace Replicate.Integrity;

/// <summary>A tarball that has to be there.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Id">The id of the experiment or checkpoint.</param>
/// <param name="ExperimentId">The experiment it belongs to.</param>
/// <param name="Sha256">The SHA-256 that was recorded for it; empty for none.</param>
/// <param name="IsRunning">Whether the experiment is running, so that the tarball may still be on its way.</param>
internal sealed record Promise(string Key, string Id, string ExperimentId, string Sha256, bool IsRunning);

/// <summary>What the metadata of a repository says has to be in it.</summary>
internal sealed partial class Promises
{
    private readonly Dictionary<string, Promise> _archives = [];
    private readonly HashSet<string> _experiments = [];
    private readonly HashSet<string> _checkpoints = [];
    private readonly HashSet<string> _perhaps = [];

    /// <summary>The tarballs that have to be there.</summary>
    internal IReadOnlyCollection<Promise> Archives => _archives.Values;

    /// <summary>Whether there is an experiment with that id, or perhaps one in a file that can't be read.</summary>
    internal bool HasExperiment(string id) => _experiments.Contains(id) || _perhaps.Contains(id);

    /// <summary>Whether a tarball has an owner, or perhaps one in a file that can't be read.</summary>
    internal bool HasOwner(string key, string id) => _archives.ContainsKey(key) || _perhaps.Contains(id);

    /// <summary>Takes what an experiment's metadata says.</summary>
    /// <returns>The ids of checkpoints that were taken before.</returns>
    internal IReadOnlyList<string> Add(ExperimentMetadata metadata, bool isRunning)
    {
        _experiments.Add(metadata.Id);
        if (metadata.Path.Length > 0)
        {
            Expect(RepositoryKeys.ExperimentArchive(metadata.Id), metadata.Id, metadata.Id, metadata.Extension?.Sha256 ?? "", isRunning);
        }

        return [.. metadata.Checkpoints.Where(checkpoint => !Add(metadata.Id, checkpoint, isRunning)).Select(checkpoint => checkpoint.Id)];
    }

    /// <summary>Takes a checkpoint of an experiment.</summary>
    /// <returns>False where it was taken before.</returns>
    internal bool Add(string experimentId, Checkpoint checkpoint, bool isRunning)
    {
        if (!_checkpoints.Add(checkpoint.Id))
        {
            return false;
        }

        if (checkpoint.Path.Length > 0)
        {
            Expect(RepositoryKeys.CheckpointArchive(checkpoint.Id), checkpoint.Id, experimentId, checkpoint.Sha256, isRunning);
        }

        return true;
    }

    /// <summary>Takes a metadata file that can't be read: whatever looks like an id in it may be one.</summary>
    internal void AddDamaged(string experimentId, ReadOnlyMemory<byte> content)
    {
        _perhaps.Add(experimentId);
        _perhaps.UnionWith(Ids().Matches(Encoding.Latin1.GetString(content.Span)).Select(match => match.Value));
    }

    private void Expect(string key, string id, string experimentId, string sha256, bool isRunning) =>
        _archives.TryAdd(key, new Promise(key, id, experimentId, sha256, isRunning));

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Ids();
}
