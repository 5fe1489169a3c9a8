using System.Collections;

namespace Replicate.Tests.Support;

/// <summary>What most tests do with an experiment, with the test's cancellation token.</summary>
internal static class ExperimentSteps
{
    public static Task<Checkpoint> AddAsync(
        this Experiment experiment, IDictionary? metrics = null, string? path = null, long? step = null, PrimaryMetric? primary = null) =>
        experiment.CheckpointAsync(
            new CheckpointOptions { Metrics = metrics, Path = path, Step = step, PrimaryMetric = primary },
            cancellationToken: TestContext.Current.CancellationToken);

    public static Hashtable Loss(double value) => new() { ["loss"] = value };
}
