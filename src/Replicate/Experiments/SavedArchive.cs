using Replicate.Repositories;

namespace Replicate;

/// <summary>A tarball that the metadata tells of.</summary>
/// <param name="Id">The id of the experiment or checkpoint.</param>
/// <param name="Key">Its key.</param>
/// <param name="Sha256">The SHA-256 that was recorded for it; empty for none.</param>
internal sealed record SavedArchive(string Id, string Key, string Sha256)
{
    /// <summary>The tarball of an experiment's own files; null where none were saved.</summary>
    internal static SavedArchive? Of(ExperimentMetadata experiment) => experiment.Path.Length > 0
        ? new SavedArchive(experiment.Id, RepositoryKeys.ExperimentArchive(experiment.Id), experiment.Extension?.Sha256 ?? "")
        : null;

    /// <summary>The tarball of a checkpoint's files; null where none were saved.</summary>
    internal static SavedArchive? Of(Checkpoint checkpoint) => checkpoint.Path.Length > 0
        ? new SavedArchive(checkpoint.Id, RepositoryKeys.CheckpointArchive(checkpoint.Id), checkpoint.Sha256)
        : null;

    /// <summary>All tarballs that an experiment's metadata tells of, each once.</summary>
    internal static IReadOnlyList<SavedArchive> AllOf(ExperimentMetadata experiment) =>
        [.. experiment.Checkpoints.Select(Of).Prepend(Of(experiment)).OfType<SavedArchive>().DistinctBy(archive => archive.Key)];
}
