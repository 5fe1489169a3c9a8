namespace Replicate.Spool;

/// <summary>What a listing says with the waiting operations taken together with what the repository has.</summary>
internal static class PendingView
{
    /// <summary>Applies operations to what was read.</summary>
    /// <param name="experiments">What the repository has.</param>
    /// <param name="operations">What waits, oldest first.</param>
    /// <returns>The experiments with whether something of each waits.</returns>
    internal static IEnumerable<(ExperimentMetadata Metadata, Heartbeat? Heartbeat, bool IsPending)> Of(
        IReadOnlyList<(ExperimentMetadata Metadata, Heartbeat? Heartbeat)> experiments, IReadOnlyList<Operation> operations)
    {
        if (operations.Count == 0)
        {
            return experiments.Select(experiment => (experiment.Metadata, experiment.Heartbeat, IsPending: false));
        }

        var waiting = operations.ToLookup(operation => operation.ExperimentId);
        var listed = experiments.Select(experiment => experiment.Metadata.Id).ToHashSet();
        var created = operations
            .Where(operation => operation.Kind == OperationKind.Create && !listed.Contains(operation.ExperimentId))
            .Select(operation => (operation.Metadata, Heartbeat: (Heartbeat?)null));
        return experiments.Concat(created).Select(experiment => (
            waiting[experiment.Metadata.Id].Aggregate(experiment.Metadata, Apply), experiment.Heartbeat,
            waiting.Contains(experiment.Metadata.Id)));
    }

    /// <summary>Applies one operation, which may have been applied before.</summary>
    internal static ExperimentMetadata Apply(ExperimentMetadata metadata, Operation operation) => operation switch
    {
        { Checkpoint: { } checkpoint } when metadata.Checkpoints.All(present => present.Id != checkpoint.Id) =>
            metadata with { Checkpoints = new CheckpointList([.. metadata.Checkpoints, checkpoint]) },
        { Kind: OperationKind.Stop, Metadata.Extension: { } end } =>
            metadata with { Extension = (metadata.Extension ?? new ExperimentExtension { NullTexts = true }).EndedAs(end) },
        _ => metadata,
    };
}
