namespace Replicate.Runs;

/// <summary>When a program saves the files of a step.</summary>
public enum CheckpointOrder
{
    /// <summary>It is learned from what the program does at its first steps.</summary>
    Learned,

    /// <summary>Before it prints the metrics of the step.</summary>
    BeforeMetrics,

    /// <summary>After it has printed the metrics of the step.</summary>
    AfterMetrics,
}
