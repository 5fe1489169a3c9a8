using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Replicate.Adapters.Cloud;
using Replicate.Storage;

namespace Replicate.Adapters.Azure;

/// <summary>The requests that put an object in place, on a condition.</summary>
internal static class AzurePut
{
    /// <summary>Sends a request that puts an object in place; null when the condition was not met.</summary>
    /// <param name="bucket">The container.</param>
    /// <param name="target">Where to, on what condition.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="findOwn">Looks whether what is there is of this very request; null if it isn't.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<string?> RunAsync(
        CloudBucket<AzureClient> bucket, PutTarget target, Func<BlockBlobClient, Attempt, Task<BlobContentInfo>> send,
        Func<Task<string?>> findOwn, CancellationToken cancellationToken)
    {
        var tries = 0;
        try
        {
            var info = await bucket.RunAsync("write", (client, attempt) =>
            {
                tries = attempt.Number;
                return send(client.Container.GetBlockBlobClient(target.Name), attempt);
            }, cancellationToken);
            return AzureStore.Version(info.ETag);
        }
        catch (ReplicateException e) when (target.Condition != PutCondition.None
            && bucket.Errors.ReadCause(e) is { Kind: RefusalKind.ConditionNotMet or RefusalKind.NoObject or RefusalKind.Missing })
        {
            // An earlier try may have done it, and its answer was lost.
            return tries > 1 ? await findOwn() : null;
        }
    }

    /// <summary>A condition as the client has it; null for none.</summary>
    public static BlobRequestConditions? ConditionsOf(PutCondition condition) =>
        condition.MustBeAbsent ? new BlobRequestConditions { IfNoneMatch = ETag.All }
        : condition.Version is { } version ? new BlobRequestConditions { IfMatch = new ETag(version) }
        : null;
}
