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
            .Select(operation => (Metadata: operation.Metadata!, Heartbeat: (Heartbeat?)null));
        return experiments.Concat(created).Select(experiment => (
            Apply(experiment.Metadata, waiting[experiment.Metadata.Id]), experiment.Heartbeat, waiting.Contains(experiment.Metadata.Id)));
    }

    /// <summary>Applies operations, which may have been applied before.</summary>
    internal static ExperimentMetadata Apply(ExperimentMetadata metadata, params IEnumerable<Operation> operations)
    {
        var merged = Format.JournalLine.Merge(metadata, operations.Select(operation => operation.Checkpoint).OfType<Checkpoint>());
        foreach (var end in operations.Where(operation => operation.Kind == OperationKind.Stop).Select(operation => operation.Metadata!.Extension))
        {
            merged = merged with { Extension = (merged.Extension ?? new ExperimentExtension { NullTexts = true }).EndedAs(end!) };
        }

        return merged;
    }
}
