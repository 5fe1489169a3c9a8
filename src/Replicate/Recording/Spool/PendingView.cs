using Replicate.Metadata;

namespace Replicate.Recording.Spool;

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
        var waiting = operations.Select(operation => operation.Checkpoint).OfType<Checkpoint>().ToArray();
        var merged = JournalLine.Merge(metadata, waiting.Any(checkpoint => checkpoint.IsCounted) ? Settle(metadata, waiting) : waiting);
        foreach (var end in operations.Where(operation => operation.Kind == OperationKind.Stop).Select(operation => operation.Metadata!.Extension))
        {
            merged = merged with { Extension = (merged.Extension ?? new ExperimentExtension { NullTexts = true }).EndedAs(end!) };
        }

        return merged;
    }

    /// <summary>The checkpoints that the metadata lacks, with the steps that they are going to have.</summary>
    private static IReadOnlyList<Checkpoint> Settle(ExperimentMetadata metadata, IEnumerable<Checkpoint> waiting)
    {
        var present = metadata.Checkpoints.Select(checkpoint => checkpoint.Id).ToHashSet();
        return Steps.Settle(
            metadata.Checkpoints.Select(checkpoint => checkpoint.Step).ToHashSet(), [.. waiting.Where(checkpoint => present.Add(checkpoint.Id))]);
    }
}
