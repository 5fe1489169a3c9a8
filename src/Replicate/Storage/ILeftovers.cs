namespace Replicate.Storage;

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
