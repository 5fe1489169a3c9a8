using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.S3;

/// <summary>Deletes objects, a thousand with a request where the server can do that.</summary>
internal sealed class S3Deletion(S3Bucket bucket) : Deletion(bucket.Url.Place, maxBatch: 1000)
{
    /// <inheritdoc/>
    protected override async Task<bool> TryDeleteManyAsync(string[] names, CancellationToken cancellationToken)
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
            GoOnOneByOne();
            return false;
        }
        catch (DeleteObjectsException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override Task DeleteOneAsync(string name, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectRequest { BucketName = bucket.Name, Key = name };
        return bucket.FindAsync<DeleteObjectResponse>(
            "delete", async (client, attempt) => await client.DeleteObjectAsync(request, attempt.Token), cancellationToken);
    }
}
