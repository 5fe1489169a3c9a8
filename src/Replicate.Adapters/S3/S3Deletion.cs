using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Replicate.Adapters.S3;

/// <summary>Deletes objects, a thousand with a request where the server can do that.</summary>
internal sealed class S3Deletion(S3Bucket bucket)
{
    private const int MaxBatch = 1000;
    private const int Parallel = 8;

    private bool _oneByOne;

    /// <summary>Deletes objects by their names in the bucket; missing ones are passed over.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var batch in names.Chunk(MaxBatch))
        {
            if (_oneByOne || batch.Length == 1 || !await TryDeleteManyAsync(batch, cancellationToken))
            {
                var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
                await System.Threading.Tasks.Parallel.ForEachAsync(batch, options, DeleteOneAsync);
            }
        }
    }

    /// <returns>False when the server refuses to delete many at once.</returns>
    private async Task<bool> TryDeleteManyAsync(string[] names, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectsRequest
        {
            BucketName = bucket.Name, Objects = names.Select(name => new KeyVersion { Key = name }).ToList(), Quiet = true,
        };
        try
        {
            await bucket.RunAsync("delete", (client, attempt) => client.DeleteObjectsAsync(request, attempt.Token), cancellationToken);
            return true;
        }
        catch (ReplicateException e) when (e.InnerException is AmazonS3Exception
            { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented })
        {
            _oneByOne = true;
            Notices.Verbose($"The server of the bucket '{bucket.Name}' does not delete many objects at once: they are deleted one by one.");
            return false;
        }
        catch (DeleteObjectsException)
        {
            // Some were refused, or failed for a moment: each by itself is repeated, or tells why not.
            return false;
        }
    }

    private async ValueTask DeleteOneAsync(string name, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectRequest { BucketName = bucket.Name, Key = name };
        await bucket.FindAsync<DeleteObjectResponse>(
            "delete", async (client, attempt) => await client.DeleteObjectAsync(request, attempt.Token), cancellationToken);
    }
}
