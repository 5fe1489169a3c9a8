using System.Net;
using Azure;
using Azure.Storage.Blobs.Models;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Azure;

/// <summary>Deletes objects with their snapshots, 256 with a request where the server can do that.</summary>
internal sealed class AzureDeletion(CloudBucket<AzureClient> bucket) : Deletion(bucket.Url.Place, maxBatch: 256)
{
    /// <inheritdoc/>
    protected override async Task<bool> TryDeleteManyAsync(string[] names, CancellationToken cancellationToken)
    {
        try
        {
            return await bucket.RunAsync("delete", (client, attempt) =>
            {
                attempt.MovedOut();
                return new BlobBatch(client).TryDeleteAsync(names, attempt.Token);
            }, cancellationToken);
        }
        catch (ReplicateException e) when (bucket.Errors.ReadCause(e) is
            { Status: HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented })
        {
            GoOnOneByOne();
            return false;
        }
    }

    /// <inheritdoc/>
    protected override Task DeleteOneAsync(string name, CancellationToken cancellationToken) => bucket.FindAsync<Response>(
        "delete",
        async (client, attempt) => await client.Container.DeleteBlobAsync(
            name, DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: attempt.Token),
        cancellationToken);
}
