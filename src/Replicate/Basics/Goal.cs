namespace Replicate;

/// <summary>Whether less or more of a primary metric is better.</summary>
public enum Goal
{
    /// <summary>Less is better, as for a loss.</summary>
    Minimize,

    /// <summary>More is better, as for an accuracy.</summary>
    Maximize,
}
