using Replicate.Metadata;
using Replicate.Recording.Secrets;

namespace Replicate.Recording;

/// <summary>
/// The way of everything that is recorded: what is a secret is masked here, in every text, and a warning names what was
/// masked. The files that are saved are none of its business.
/// </summary>
/// <param name="target">Where what is recorded goes.</param>
internal sealed class MaskedTarget(IRunTarget target) : IRunTarget
{
    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken) => target.PrepareAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ExperimentSnapshot> AddExperimentAsync(
        ExperimentMetadata metadata, FilesToSave? files, bool beat, CancellationToken cancellationToken)
    {
        using var mask = new Masking();
        return target.AddExperimentAsync(
            metadata with
            {
                Params = mask.Of(metadata.Params),
                Command = mask.Of(metadata.Command),
                Host = mask.Of(metadata.Host),
                User = mask.Of(metadata.User),
                PythonVersion = mask.Of(metadata.PythonVersion),
                PythonPackages = mask.OfPackages(metadata.PythonPackages),
                Extension = mask.Of(metadata.Extension ?? new ExperimentExtension()),
            },
            files, beat, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Addition> AddCheckpointAsync(
        ExperimentSnapshot experiment, NewCheckpoint checkpoint, FilesToSave? files, CancellationToken cancellationToken)
    {
        Mask([checkpoint]);
        return target.AddCheckpointAsync(experiment, checkpoint, files, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveArchiveAsync(FilesToSave files, CancellationToken cancellationToken) => target.SaveArchiveAsync(files, cancellationToken);

    /// <inheritdoc/>
    public Task<Addition> AddCheckpointsAsync(
        ExperimentSnapshot experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        Mask(checkpoints);
        return target.AddCheckpointsAsync(experiment, checkpoints, cancellationToken);
    }

    /// <inheritdoc/>
    public Task FlushAsync(string experimentId, CancellationToken cancellationToken) => target.FlushAsync(experimentId, cancellationToken);

    /// <inheritdoc/>
    public Task<ExperimentMetadata> StopAsync(
        ExperimentSnapshot experiment, ExperimentExtension end, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        using var mask = new Masking();
        return target.StopAsync(experiment, mask.Of(end), progress, cancellationToken);
    }

    private static void Mask(IReadOnlyList<NewCheckpoint> checkpoints)
    {
        using var mask = new Masking();
        foreach (var checkpoint in checkpoints)
        {
            checkpoint.Metrics = mask.Of(checkpoint.Metrics);
        }
    }
}
