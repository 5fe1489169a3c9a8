namespace Replicate.Comparisons;

/// <summary>Compares experiments and checkpoints, two or more at once.</summary>
public static class Comparison
{
    /// <summary>The sections, in the order in which differences are listed.</summary>
    public static readonly IReadOnlyList<string> Sections = ["Experiment", "Params", "Python packages", "Checkpoint", "Metrics"];

    /// <summary>What differs: only that, in the order of the sections and of the names in them.</summary>
    /// <param name="sides">Two or more; an experiment stands for its best, else its latest checkpoint.</param>
    public static IReadOnlyList<Difference> Between(IReadOnlyList<Match> sides) => throw new NotImplementedException();
}
