namespace Replicate;

/// <summary>Where and how files are checked out.</summary>
public sealed record CheckOutOptions
{
    /// <summary>The target directory, absolute; null for the project directory. Created where it is missing.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>One saved file or directory, relative to the project directory; null for all.</summary>
    public string? Path { get; init; }

    /// <summary>Whether files may go into a directory that is not empty, over files of the same name.</summary>
    public bool Force { get; init; }

    /// <summary>Which checkpoint stands for an experiment that is checked out without one.</summary>
    public CheckpointChoice Choice { get; init; }

    /// <summary>
    /// How many bytes a tarball may expand to. The usual limit is 1,000 times its size or 1 GiB, whichever is more; null, or
    /// less than that, leaves it.
    /// </summary>
    public long? MaxSize { get; init; }
}

/// <summary>What was checked out.</summary>
/// <param name="Experiment">The experiment whose files were checked out first.</param>
/// <param name="Checkpoint">The checkpoint whose files went over them; null for none.</param>
/// <param name="OutputDirectory">The absolute target directory.</param>
/// <param name="Files">The files written, relative to the target, with <c>/</c>, in order.</param>
public sealed record CheckOutResult(
    Experiment Experiment, Checkpoint? Checkpoint, string OutputDirectory, IReadOnlyList<string> Files)
{
    /// <summary>Why it is this checkpoint, see <see cref="ChosenCheckpoint.Reason"/>; empty where it was named.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What was checked out, and where.</summary>
    public override string ToString() => Value.Escape($"{Checkpoint?.ToString() ?? Experiment.ShortId} in {OutputDirectory}");
}
