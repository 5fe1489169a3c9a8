namespace Replicate.Storage;

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
