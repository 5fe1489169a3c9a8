namespace Replicate.Storage;

/// <summary>What is known of the end of an object that lines are added to.</summary>
/// <param name="Length">How long it is, in bytes; 0 where it isn't there.</param>
/// <param name="LastLine">Its last line, by which it is told from another object of the same length and name.</param>
internal readonly record struct JournalPosition(long Length, ReadOnlyMemory<byte> LastLine)
{
    /// <summary>That of an object that isn't there.</summary>
    public static JournalPosition Start => default;
}

/// <summary>
/// A store that can add lines to an object at the price of writing them, and compact what was added into another object.
/// All of it is safe from several processes.
/// </summary>
internal interface IJournalStore : ILocalStore
{
    /// <summary>
    /// Adds lines at the end of an object, which is created where it is missing. They are with the system when this
    /// returns, so that they outlive the process, but not flushed to the disk. What a writer that was killed left of a line
    /// is cut off first.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="lines">Whole lines, each with its newline.</param>
    /// <param name="after">What the object has to end with; null for anything.</param>
    /// <param name="isWanted">Says, while nobody else writes, whether they are still to be added; null for always.</param>
    /// <param name="cancellationToken">Ends the wait for other writers.</param>
    /// <returns>The new end of the object; null where something is not as it has to be, and nothing was added.</returns>
    Task<JournalPosition?> TryAppendAsync(
        string key, ReadOnlyMemory<byte> lines, JournalPosition? after, Func<Task<bool>>? isWanted, CancellationToken cancellationToken);

    /// <summary>Makes durable what was added to an object, by whomever, and its name.</summary>
    /// <returns>False where it isn't there.</returns>
    /// <exception cref="ReplicateException">The disk failed or is full (<c>FlushFailed</c>).</exception>
    bool TryFlush(string key);

    /// <summary>Gives an object another name, so that nothing is added to it any more.</summary>
    /// <returns>False where it isn't there.</returns>
    Task<bool> TryRenameAsync(string key, string newKey, CancellationToken cancellationToken);

    /// <summary>
    /// Puts an object in place of a version and deletes the journals that were compacted into it, at one moment: only where that version is
    /// there still, and all of them. It is durable before anything is deleted.
    /// </summary>
    /// <returns>The version now in place, or null when the condition was not met and nothing was changed.</returns>
    Task<string?> PutAsync(
        string key, ObjectContent content, string version, IReadOnlyCollection<string> compacted, CancellationToken cancellationToken);
}
