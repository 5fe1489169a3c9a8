using Replicate.Queries;

namespace Replicate.PowerShell.Views;

/// <summary>Sees to it that what a shell shows of an object of ours, and of those in it, does no harm.</summary>
internal static class Shown
{
    /// <summary>The object itself, after <see cref="ShownProperty.AddTo"/> for it and all in it that has texts of others.</summary>
    internal static T Of<T>(T owner)
        where T : class
    {
        ShownProperty.AddTo(owner);
        foreach (var part in PartsOf(owner))
        {
            Of(part);
        }

        return owner;
    }

    private static IEnumerable<object> PartsOf(object owner) => owner switch
    {
        Experiment experiment => Enumerable.Empty<object>()
            .Append(experiment.Metadata).Concat(experiment.Checkpoints.HasHiddenText ? experiment.Checkpoints : []),
        ExperimentMetadata { Extension: { } extension } => [extension],
        Sweep sweep => sweep.Runs,
        NamedCheckpoint named => named.History.AsEnumerable<object>()
            .Concat(new object?[] { named.Experiment, named.Checkpoint }.OfType<object>()),
        Project project => [project.Configuration],
        RepositoryHealth health => health.Findings,
        Finding finding => [finding.Project],
        RepairResult result => [result.Finding],
        CheckOutResult { Checkpoint: { } checkpoint } result => [result.Experiment, checkpoint],
        CheckOutResult result => [result.Experiment],
        Difference difference => difference.Values.OfType<ComparedFile>(),
        _ => [],
    };
}
