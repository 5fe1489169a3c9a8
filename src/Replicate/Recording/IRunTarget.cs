using Replicate.Metadata;

namespace Replicate.Recording;

/// <summary>Where what a run records goes: straight into a repository on the disk, or into the spool of a remote one.</summary>
internal interface IRunTarget
{
    /// <summary>Makes sure that the repository takes what is going to be recorded, before anything is archived.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Adds an experiment.</summary>
    /// <param name="metadata">What its metadata file shall say.</param>
    /// <param name="files">What is saved with it, or null.</param>
    /// <param name="beat">Whether this process beats for it.</param>
    /// <param name="cancellationToken">Ends the work; nothing is listed then.</param>
    /// <returns>What is known of it.</returns>
    Task<ExperimentSnapshot> AddExperimentAsync(
        ExperimentMetadata metadata, FilesToSave? files, bool beat, CancellationToken cancellationToken);

    /// <summary>Adds a checkpoint.</summary>
    /// <param name="experiment">The experiment it is added to.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="files">What is saved with it, or null.</param>
    /// <param name="cancellationToken">Ends the work; nothing is listed then.</param>
    Task<Addition> AddCheckpointAsync(
        ExperimentSnapshot experiment, NewCheckpoint checkpoint, FilesToSave? files, CancellationToken cancellationToken);

    /// <summary>Saves the tarball of a checkpoint that is going to be among those of <see cref="AddCheckpointsAsync"/>.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task SaveArchiveAsync(FilesToSave files, CancellationToken cancellationToken);

    /// <summary>Adds many checkpoints at once, their tarballs saved already.</summary>
    /// <param name="experiment">The experiment they are added to.</param>
    /// <param name="checkpoints">The checkpoints, oldest first.</param>
    /// <param name="cancellationToken">Ends the work; none is listed then.</param>
    Task<Addition> AddCheckpointsAsync(
        ExperimentSnapshot experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken);

    /// <summary>Makes all that was recorded of an experiment by now survive a power failure, here or in the repository.</summary>
    /// <exception cref="ReplicateException">The disk failed or is full (<c>FlushFailed</c>).</exception>
    Task FlushAsync(string experimentId, CancellationToken cancellationToken);

    /// <summary>Records how an experiment ended, survives a power failure from then on, and ends its heartbeat.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="end">Its status, exit code and time.</param>
    /// <param name="progress">Told how much is still sent.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What is known of the experiment now.</returns>
    Task<ExperimentMetadata> StopAsync(
        ExperimentSnapshot experiment, ExperimentExtension end, IProgress<Progress>? progress, CancellationToken cancellationToken);
}

/// <summary>Checkpoints that were added to an experiment.</summary>
/// <param name="Experiment">What is known of the experiment now, but for its checkpoints.</param>
/// <param name="Added">Those that were added, oldest first.</param>
/// <param name="IsPending">Whether something of the experiment waits on this machine.</param>
internal sealed record Addition(ExperimentMetadata Experiment, IReadOnlyList<Checkpoint> Added, bool IsPending);

/// <summary>Which step a checkpoint has that was given none.</summary>
internal static class Steps
{
    /// <summary>
    /// The highest step of an experiment, or that of the checkpoint it went on from; -1 for none. Not the newest's step: of
    /// several writers, the one that began first may come last.
    /// </summary>
    internal static long Highest(ExperimentMetadata experiment) =>
        Math.Max(experiment.Checkpoints.HighestStep, experiment.Extension?.ParentStep ?? -1);

    /// <summary>Numbers checkpoints that are added together to those that are there.</summary>
    internal static Checkpoint[] Number(long highest, IReadOnlyList<NewCheckpoint> checkpoints) =>
        [.. checkpoints.Select(checkpoint =>
        {
            var step = checkpoint.Step ?? highest + 1;
            highest = Math.Max(highest, step);
            return checkpoint.ToCheckpoint(step);
        })];

    /// <summary>
    /// Gives the next steps to those checkpoints that count up and whose steps were taken since they were numbered; others keep theirs.
    /// </summary>
    /// <param name="taken">The steps of the checkpoints that are there; gets the new ones.</param>
    /// <param name="checkpoints">The checkpoints that are going to be added, in order.</param>
    internal static IReadOnlyList<Checkpoint> Settle(HashSet<long> taken, IReadOnlyList<Checkpoint> checkpoints)
    {
        var highest = taken.DefaultIfEmpty(-1).Max();
        return [.. checkpoints.Select(checkpoint =>
        {
            var step = checkpoint.IsCounted && taken.Contains(checkpoint.Step) ? highest + 1 : checkpoint.Step;
            taken.Add(step);
            highest = Math.Max(highest, step);
            return step == checkpoint.Step ? checkpoint : checkpoint.WithStep(step);
        })];
    }
}
