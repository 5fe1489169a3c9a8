namespace Replicate.Storage;

/// <summary>
/// What a store can do beyond <see cref="IObjectStore"/>. Each is null where the store can't do it, and then whoever asks does without.
/// </summary>
internal sealed record StoreCapabilities
{
    /// <summary>Nothing.</summary>
    public static StoreCapabilities None { get; } = new();

    /// <summary>It is on this machine: it answers at once, and nothing need wait to be sent to it.</summary>
    public ILocalStore? Local { get; init; }

    /// <summary>Lines can be added to its objects.</summary>
    public IJournalStore? Journals { get; init; }

    /// <summary>Its objects can grow in place.</summary>
    public IGrowingObjects? Growing { get; init; }

    /// <summary>It can tell what writers left that were killed.</summary>
    public ILeftovers? Leftovers { get; init; }

    /// <summary>A listing can begin and end between two keys.</summary>
    public IRangeListing? Ranges { get; init; }

    /// <summary>It can take over objects of other stores by itself.</summary>
    public IServerSideCopy? ServerSideCopy { get; init; }
}

/// <summary>A store on this machine: it answers at once, and lends the content of small objects, so that thousands leave no garbage.</summary>
internal interface ILocalStore
{
    /// <summary>Lists the objects whose key begins with a prefix, in no particular order.</summary>
    IReadOnlyList<ObjectInfo> List(string prefix, CancellationToken cancellationToken);

    /// <summary>Reads an object whole; one that isn't there is passed over.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="use">Gets the content, which must not be kept, and its version.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ReadAsync(string key, Action<ReadOnlyMemory<byte>, FileVersion> use, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the names of objects durable that were put with <see cref="ObjectContent.IsNameDurable"/> off: of all in the directory
    /// of one. A single time for many of them costs what it costs for each.
    /// </summary>
    /// <param name="key">One of them.</param>
    void FlushNames(string key);
}

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
    Task<string?> ReplaceAsync(
        string key, ObjectContent content, string version, IReadOnlyCollection<string> compacted, CancellationToken cancellationToken);
}

/// <summary>A store in which who makes an object may go on writing it while others read it.</summary>
internal interface IGrowingObjects
{
    /// <summary>Makes a new object. What is written is with the system at once, so that it outlives the process.</summary>
    /// <param name="key">The object's key.</param>
    /// <returns>Writes it, anywhere in it; null where there is an object of that key.</returns>
    /// <exception cref="ReplicateException">The store refuses.</exception>
    Stream? TryCreate(string key);

    /// <summary>Forgets a directory of objects that were all deleted.</summary>
    /// <param name="prefix">What their keys began with, up to a slash.</param>
    void ForgetEmpty(string prefix);
}

/// <summary>A file that a writer left which did not come to its end.</summary>
/// <param name="Name">Its path in the store, which is the key of no object.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="LastModified">When it was last written to, UTC.</param>
internal sealed record Leftover(string Name, long Length, DateTime LastModified);

/// <summary>A store that can tell what writers left that were killed.</summary>
internal interface ILeftovers
{
    /// <summary>Lists what was left; what is being written at this moment is listed, too.</summary>
    /// <param name="prefix">What the names begin with: all before a slash of keys.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    IAsyncEnumerable<Leftover> ListLeftoversAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Makes what was left an object.</summary>
    /// <param name="name">The name it is listed with.</param>
    /// <param name="key">The key of the object, of which there is none yet.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False where it is no longer there.</returns>
    Task<bool> TryKeepAsync(string name, string key, CancellationToken cancellationToken = default);
}

/// <summary>
/// A store whose listing can begin and end between two keys, so that a long one may be taken in parts at the same time.
/// </summary>
internal interface IRangeListing
{
    /// <summary>Lists the objects whose key begins with a prefix and lies between two others, in the order of their UTF-8.</summary>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="after">Only keys after this one; null for no such bound.</param>
    /// <param name="before">Only keys before this one; null for no such bound.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? after, string? before, CancellationToken cancellationToken = default);
}

/// <summary>A store that can take over an object of another without its bytes passing through this machine.</summary>
internal interface IServerSideCopy
{
    /// <summary>Copies an object under the same key, over what is there.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the work; nothing is in place then.</param>
    /// <returns>False where the two cannot do so, and nothing was changed.</returns>
    Task<bool> TryCopyFromAsync(IObjectStore source, string key, CancellationToken cancellationToken = default);
}
