namespace Replicate.Storage;

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
