namespace Replicate.Adapters.Cloud;

/// <summary>Deletes objects, many with a request where the server can do that.</summary>
/// <param name="place">The bucket, as a person reads it.</param>
/// <param name="maxBatch">How many one request deletes at most.</param>
internal abstract class Deletion(string place, int maxBatch)
{
    private const int Parallel = 16;

    private bool _oneByOne;

    /// <summary>Deletes objects by their names in the bucket; missing ones are passed over.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var batch in names.Chunk(maxBatch))
        {
            if (_oneByOne || batch.Length == 1 || !await TryDeleteManyAsync(batch, cancellationToken))
            {
                var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
                await System.Threading.Tasks.Parallel.ForEachAsync(batch, options, async (name, token) => await DeleteOneAsync(name, token));
            }
        }
    }

    /// <summary>Deletes objects with one request.</summary>
    /// <returns>
    /// False where the server refuses to, or some were refused or failed for a moment: each by itself is repeated, or tells why not.
    /// </returns>
    protected abstract Task<bool> TryDeleteManyAsync(string[] names, CancellationToken cancellationToken);

    /// <summary>Deletes an object.</summary>
    protected abstract Task DeleteOneAsync(string name, CancellationToken cancellationToken);

    /// <summary>Asks for no more than one from now on.</summary>
    protected void GoOnOneByOne()
    {
        _oneByOne = true;
        Log.Verbose($"The server of the {place} does not delete many objects at once: they are deleted one by one.");
    }
}
