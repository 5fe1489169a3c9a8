namespace Replicate;

/// <summary>Whether less or more of a primary metric is better.</summary>
/// <remarks>A long, for the reason that <see cref="ExperimentStatus"/> has.</remarks>
public enum Goal : long
{
    /// <summary>Less is better, as for a loss.</summary>
    Minimize,

    /// <summary>More is better, as for an accuracy.</summary>
    Maximize,
}
