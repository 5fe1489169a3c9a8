namespace Replicate;

/// <summary>Where a line of a log comes from.</summary>
public enum LogStream
{
    /// <summary>The standard output of the run.</summary>
    Output,

    /// <summary>The error output of the run.</summary>
    Error,

    /// <summary>What is said here of the log itself, as of lines that were not kept.</summary>
    Note,
}

/// <summary>A line that a run wrote.</summary>
public sealed record LogLine
{
    /// <summary>When the line was begun, as a local date, to the millisecond.</summary>
    public required DateTime Time { get; init; }

    /// <summary>Where it comes from.</summary>
    public required LogStream Stream { get; init; }

    /// <summary>What it says, without secrets, colours and what was drawn over; otherwise as the run wrote it.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it is of the error output.</summary>
    public bool IsError => Stream == LogStream.Error;

    /// <summary>Whether the run may still change it, as a progress bar does.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The text as a terminal or an agent may be shown it; tabs stay.</summary>
    public override string ToString() =>
        Text.Contains('\t', StringComparison.Ordinal) ? string.Join('\t', Text.Split('\t').Select(VisibleText.Of)) : VisibleText.Of(Text);
}
