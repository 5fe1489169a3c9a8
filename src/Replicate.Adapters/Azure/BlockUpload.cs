using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Azure;

/// <summary>Blocks that become an object when their list is committed; Azure drops after a week those that never are.</summary>
internal sealed class BlockUpload(CloudBucket<AzureClient> bucket, PutTarget target) : PartsUpload
{
    // Two uploads of one name must not take each other's blocks. All ids of an object are equally long.
    private readonly string _id = Guid.NewGuid().ToString("n");
    private readonly ConcurrentDictionary<int, string> _blocks = new();

    /// <inheritdoc/>
    public override Task SendAsync(int number, Func<Attempt, MovingStream> open, CancellationToken cancellationToken) =>
        StageAsync(number, (blob, id, attempt) => blob.StageBlockAsync(id, open(attempt), cancellationToken: attempt.Token), cancellationToken);

    /// <summary>Has the server put it together from ranges of another object.</summary>
    /// <param name="source">The other object, and what lets this container read it.</param>
    /// <param name="length">Its length.</param>
    /// <param name="size">How long the ranges are.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task CopyAsync((Uri Uri, HttpAuthorization? Authorization) source, long length, long size, CancellationToken cancellationToken)
    {
        await CutAsync(length, size, (number, start, count, token) => StageAsync(number, (blob, id, attempt) =>
        {
            attempt.MovedOut();
            var options = new StageBlockFromUriOptions { SourceRange = new HttpRange(start, count), SourceAuthentication = source.Authorization };
            return blob.StageBlockFromUriAsync(source.Uri, id, options, attempt.Token);
        }, token), cancellationToken);
        await CompleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<string?> CompleteAsync(CancellationToken cancellationToken)
    {
        var ids = _blocks.OrderBy(block => block.Key).Select(block => block.Value).ToList();
        return AzurePut.RunAsync(
            bucket, target,
            async (blob, attempt) =>
            {
                attempt.MovedOut();
                var options = new CommitBlockListOptions { Conditions = AzurePut.ConditionsOf(target.Condition) };
                return (await blob.CommitBlockListAsync(ids, options, attempt.Token)).Value;
            },
            () => FindOwnAsync(ids, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<string> StageAsync(int number, Func<BlockBlobClient, string, Attempt, Task> stage, CancellationToken cancellationToken)
    {
        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_id}-{number:d5}")));
        return bucket.RunAsync("write", async (client, attempt) =>
        {
            await stage(client.Container.GetBlockBlobClient(target.Name), id, attempt);
            return _blocks[number] = id;
        }, cancellationToken);
    }

    private Task<string?> FindOwnAsync(List<string> ids, CancellationToken cancellationToken) => bucket.FindAsync("read", async (client, attempt) =>
    {
        var answer = await client.Container.GetBlockBlobClient(target.Name)
            .GetBlockListAsync(BlockListTypes.Committed, cancellationToken: attempt.Token);
        var isOwn = answer.Value.CommittedBlocks.Select(block => block.Name).SequenceEqual(ids);
        return isOwn && answer.GetRawResponse().Headers.ETag is { } etag ? AzureStore.Version(etag) : null;
    }, cancellationToken);
}
