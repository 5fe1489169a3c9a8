namespace Replicate.Storage;

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
