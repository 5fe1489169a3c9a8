namespace Replicate.Runs;

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

    /// <summary>The positions at which it was written piece by piece, in their order; empty where they are not known.</summary>
    private IReadOnlyList<long> Pieces { get; init; } = [];

    /// <summary>What was written at some positions, one or more, in their order.</summary>
    internal static PrintedAt Of(IReadOnlyList<long> pieces, PrintSource source) => new(pieces[0], pieces[^1], source) { Pieces = pieces };

    /// <summary>
    /// Where a line was begun that was read together with others. As many pieces as lines are the lines; and all pieces are of one
    /// that is alone.
    /// </summary>
    /// <param name="index">The line's number from 0.</param>
    /// <param name="count">How many lines were read.</param>
    internal PrintedAt Line(int index, int count) =>
        Pieces.Count > 1 && (Pieces.Count == count || count == 1) ? this with { Low = Pieces[index], High = Pieces[index], Pieces = [] } : this;
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
