namespace Replicate;

/// <summary>What became of an experiment, as far as its repository tells.</summary>
/// <remarks>A long: a shell writes the name of such a value into JSON, and of an int its number.</remarks>
public enum ExperimentStatus : long
{
    /// <summary>A heartbeat of the last 30 seconds is there, or it is detached and its maximal age isn't over.</summary>
    Running,

    /// <summary>It was recorded that it ended well.</summary>
    Completed,

    /// <summary>It was recorded that it failed; its exit code tells with what code.</summary>
    Failed,

    /// <summary>It was recorded that it was interrupted.</summary>
    Interrupted,

    /// <summary>No heartbeat and no recorded end: every run of the original, or a process left without a stop.</summary>
    Stopped,

    /// <summary>A heartbeat is there, but older than 30 seconds or far in the future: its process died or cannot reach the repository.</summary>
    Lost,

    /// <summary>It was recorded that it was stopped because other runs of its sweep did better: its program did not fail.</summary>
    StoppedEarly,
}
