namespace Replicate.Queries;

/// <summary>Which params and metrics a list of experiments shows beside one another.</summary>
public static class VisibleColumns
{
    /// <summary>The params whose values differ (objects and lists left out), or all, in order.</summary>
    public static IReadOnlyList<string> Params(IReadOnlyCollection<Experiment> experiments, bool all) => throw new NotImplementedException();

    /// <summary>The primary metrics, or all metrics of the best (else latest) checkpoints, in order.</summary>
    public static IReadOnlyList<string> Metrics(IReadOnlyCollection<Experiment> experiments, bool all) => throw new NotImplementedException();
}
