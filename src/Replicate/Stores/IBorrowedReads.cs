namespace Replicate.Stores;

/// <summary>A store that can lend the content of small objects, so that reading thousands leaves no garbage.</summary>
internal interface IBorrowedReads
{
    /// <summary>Reads an object whole; one that isn't there is passed over.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="use">Gets the content, which must not be kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ReadAsync(string key, Action<ReadOnlyMemory<byte>> use, CancellationToken cancellationToken);
}
