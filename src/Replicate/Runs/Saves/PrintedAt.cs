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
