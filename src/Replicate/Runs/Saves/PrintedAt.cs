namespace Replicate.Runs.Saves;

/// <summary>
/// When something was printed, told by the changes of files around it: after the <paramref name="Low"/>-th change, and not after
/// the change that follows the <paramref name="High"/>-th. Both are the same where the order is known.
/// </summary>
/// <param name="Low">So many changes came before it.</param>
/// <param name="High">At most so many changes came before it.</param>
/// <param name="Source">Where it was read.</param>
/// <param name="IsLate">Whether <paramref name="Low"/> is taken from how late something is read at most.</param>
internal readonly record struct PrintedAt(long Low, long High, PrintSource Source, bool IsLate = false)
{
    /// <summary>When it was read, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long Tick { get; } = Environment.TickCount64;

    /// <summary>Where its first lines were begun, as far as that is known exactly.</summary>
    internal IReadOnlyList<long> Lines { get; init; } = [];

    /// <summary>What was read at once has the same number; 0 for what was read by itself.</summary>
    internal long Read { get; init; }

    /// <summary>Where what was read before of the same output was printed.</summary>
    internal long Before { get; init; }

    /// <summary>Where a line was begun that was read together with others.</summary>
    /// <param name="index">The line's number from 0.</param>
    internal PrintedAt Line(int index) =>
        index < Lines.Count ? this with { Low = Lines[index], High = Lines[index], Lines = [] } : this with { Lines = [] };

    /// <summary>
    /// Whether it can't be told from another line that it was handed on together with it: who prints several steps at once has
    /// collected them, and printed them at any time since the last.
    /// </summary>
    internal bool IsWith(PrintedAt other) => Read > 0 && Read == other.Read && Source == other.Source && Low <= other.High && other.Low <= High;

    /// <summary>The same, printed at any time since what was read before.</summary>
    internal PrintedAt SinceBefore() => this with { Low = Math.Min(Low, Before) };
}

/// <summary>Where something printed was read.</summary>
internal enum PrintSource
{
    /// <summary>The output of a program, as it comes.</summary>
    Output,

    /// <summary>Lines that are handed in.</summary>
    Lines,

    /// <summary>A file, which is looked at now and then.</summary>
    File,
}
