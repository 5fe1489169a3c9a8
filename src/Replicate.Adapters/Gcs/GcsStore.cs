using System.Globalization;
using Google.Cloud.Storage.V1;
using Microsoft.Win32.SafeHandles;
using Replicate.Adapters.Cloud;
using Replicate.Storage;
using Stored = Google.Apis.Storage.v1.Data.Object;

namespace Replicate.Adapters.Gcs;

/// <summary>A bucket of Google Cloud Storage as a store; an object's version is its generation.</summary>
internal sealed class GcsStore : CloudStore<StorageClient, GcsSettings>
{
    private const int ParallelDeletes = 16;

    private static readonly GetObjectOptions Get = new() { RetryOptions = RetryOptions.Never };
    private static readonly DeleteObjectOptions Delete = new() { RetryOptions = RetryOptions.Never };

    private readonly GcsUpload _upload;

    /// <summary>The store of a <c>gs://</c> URL; nothing is asked of it yet.</summary>
    public GcsStore(string url, GcsSettings settings)
        : base(settings, new GcsBucket(BucketUrl.Parse(url), settings)) => _upload = new GcsUpload(Bucket, this);

    /// <inheritdoc/>
    protected override Task<OpenedRange?> OpenAsync(StorageClient client, RangeRequest request, CancellationToken cancellationToken) =>
        GcsRequests.OpenAsync(client, Bucket.Name, request, cancellationToken);

    /// <inheritdoc/>
    protected override async Task<ObjectInfo> StatAsync(StorageClient client, string name, CancellationToken cancellationToken) =>
        ToInfo(await client.GetObjectAsync(Bucket.Name, name, Get, cancellationToken));

    /// <inheritdoc/>
    protected override async Task<ListedPage> ListPageAsync(
        StorageClient client, string prefix, KeyRange names, string? next, CancellationToken cancellationToken)
    {
        var options = new ListObjectsOptions
        {
            PageToken = next, StartOffset = names.After, EndOffset = names.Before,
            Fields = "nextPageToken,items(name,size,generation,updated)", RetryOptions = RetryOptions.Never,
        };
        var page = await client.ListObjectsAsync(Bucket.Name, prefix, options).AsRawResponses().FirstAsync(cancellationToken);
        return new ListedPage((page.Items ?? []).Select(ToInfo), page.NextPageToken);
    }

    /// <inheritdoc/>
    protected override Task<string?> PutBytesAsync(PutTarget target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _upload.PutBytesAsync(target, content, cancellationToken);

    /// <inheritdoc/>
    protected override Task<string?> PutLargeAsync(
        PutTarget target, SafeFileHandle file, long length, CancellationToken cancellationToken) =>
        _upload.PutLargeAsync(target, file, length, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Content that can't be produced twice waits on the disk, because a chunk may have to be sent again.</remarks>
    protected override async Task<string?> PutWrittenAsync(PutTarget target, ObjectContent content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await content.WriteToAsync(file, cancellationToken);
        await file.FlushAsync(cancellationToken);
        return await PutFileAsync(target, file.SafeFileHandle, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task DeleteNamesAsync(string[] names, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelDeletes, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(names, options, async (name, token) => await Bucket.FindAsync<string>("delete", async (client, attempt) =>
        {
            await client.DeleteObjectAsync(Bucket.Name, name, Delete, attempt.Token);
            return name;
        }, token));
    }

    /// <inheritdoc/>
    protected override async Task<bool> CopyAsync(
        CloudStore<StorageClient, GcsSettings> source, PutTarget target, CancellationToken cancellationToken)
    {
        string? rest = null;
        do
        {
            var from = rest;
            rest = await Bucket.RunAsync("write", (client, attempt) =>
            {
                attempt.MovedOut();
                return GcsRequests.CopyAsync(client, source.PlaceOf(target.Key), PlaceOf(target.Key), from, attempt.Token);
            }, cancellationToken);
        }
        while (rest is not null);
        return true;
    }

    /// <remarks>The client reads the time as <c>updated</c> only in the one form that Google's own server writes.</remarks>
    private static ObjectInfo ToInfo(Stored found) => new(found.Name, (long)(found.Size ?? 0), GcsUpload.Version(found))
    {
        LastModified = DateTimeOffset.TryParse(found.UpdatedRaw, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : null,
    };
}
