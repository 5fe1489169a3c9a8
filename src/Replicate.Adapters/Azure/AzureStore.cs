using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Replicate.Adapters.Cloud;
using Replicate.Storage;

namespace Replicate.Adapters.Azure;

/// <summary>A container of Azure Blob Storage as a store; an object's version is its etag.</summary>
internal sealed class AzureStore : PartsStore<AzureClient, AzureSettings>
{
    // A hierarchical namespace has directories among its blobs, and says so in this way; so do other programs elsewhere.
    private const string DirectoryMark = "hdi_isfolder";

    private const int FewListed = 100;

    /// <summary>The store of an <c>az://</c> URL; nothing is asked of it yet.</summary>
    public AzureStore(string url, AzureSettings settings)
        : base(settings, new AzureBucket(BucketUrl.ParseWithAccount(url), settings)) => Deletion = new AzureDeletion(Bucket);

    /// <summary>In ranges of how many bytes the server copies large objects.</summary>
    internal long CopiedPartLength { get; init; } = 256 << 20;

    /// <inheritdoc/>
    protected override Deletion Deletion { get; }

    /// <summary>The version that an etag stands for.</summary>
    internal static string Version(ETag etag) => etag.ToString().Trim('"');

    /// <inheritdoc/>
    protected override async Task<OpenedRange?> OpenAsync(AzureClient client, RangeRequest request, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions
        {
            Range = request.Range is var (first, last) ? new HttpRange(first, last - first + 1) : default,
            Conditions = request.Version is { } version ? new BlobRequestConditions { IfMatch = new ETag(version) } : null,
        };
        BlobDownloadStreamingResult answer;
        try
        {
            answer = await client.Container.GetBlobClient(request.Name).DownloadStreamingAsync(options, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidRange)
        {
            await StatAsync(client, request.Name, cancellationToken); // An empty object, or a directory.
            return null;
        }

        try
        {
            var found = answer.Details;
            RequireFile(found.Metadata);
            var total = found.ContentRange is { } range
                ? long.Parse(range.AsSpan(range.IndexOf('/') + 1), CultureInfo.InvariantCulture)
                : found.ContentLength;
            return new OpenedRange(answer.Content, found.ContentLength, total, Version(found.ETag), answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task<ObjectInfo> StatAsync(AzureClient client, string name, CancellationToken cancellationToken)
    {
        var found = (await client.Container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
        RequireFile(found.Metadata);
        return new ObjectInfo(name, found.ContentLength, Version(found.ETag)) { LastModified = found.LastModified.UtcDateTime };
    }

    /// <inheritdoc/>
    protected override async Task<ListedPage> ListPageAsync(
        AzureClient client, string prefix, KeyRange names, string? next, CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Prefix = prefix, Traits = BlobTraits.Metadata, StartFrom = names.After };

        // A page takes no end: between two bounds there is little, and no page of what is behind them is wanted.
        var page = await client.Container.GetBlobsAsync(options, cancellationToken)
            .AsPages(next, names.Before is not null && next is null ? FewListed : null).FirstAsync(cancellationToken);
        var isLast = page.Values.Count > 0 && names.IsBehind(page.Values[^1].Name);
        return new ListedPage(
            page.Values.Where(listed => !IsDirectory(listed.Metadata)).Select(listed => new ObjectInfo(
                listed.Name, listed.Properties.ContentLength ?? 0, Version(listed.Properties.ETag ?? default))
            {
                LastModified = listed.Properties.LastModified?.UtcDateTime,
            }),
            isLast || page.ContinuationToken is not { Length: > 0 } token ? null : token);
    }

    /// <inheritdoc/>
    protected override Task<string?> PutBytesAsync(PutTarget target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        AzurePut.RunAsync(
            Bucket, target,
            async (blob, attempt) =>
            {
                var options = new BlobUploadOptions
                {
                    Conditions = AzurePut.ConditionsOf(target.Condition), TransferOptions = new() { InitialTransferSize = PartSize.Smallest },
                };
                return (await blob.UploadAsync(MovingStream.Of(content, attempt), options, attempt.Token)).Value;
            },
            () => FindSameAsync(target.Key, content, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    protected override PartsUpload BeginParts(PutTarget target) => new BlockUpload(Bucket, target);

    /// <inheritdoc/>
    protected override async Task<bool> CopyAsync(
        CloudStore<AzureClient, AzureSettings> source, PutTarget target, CancellationToken cancellationToken)
    {
        if (await source.StatAsync(target.Key, cancellationToken) is not { } found)
        {
            return false;
        }

        var origin = await ((AzureStore)source).Bucket.RunAsync(
            "read", (client, attempt) => client.ToSourceAsync(source.PlaceOf(target.Key).Name, attempt), cancellationToken);
        if (found.Length > CopiedPartLength)
        {
            await using var upload = new BlockUpload(Bucket, target);
            await upload.CopyAsync(origin, found.Length, Math.Max(CopiedPartLength, PartSize.For(found.Length)), cancellationToken);
            return true;
        }

        await Bucket.RunAsync("write", (client, attempt) =>
        {
            attempt.MovedOut();
            var options = new BlobCopyFromUriOptions { SourceAuthentication = origin.Authorization };
            return client.Container.GetBlobClient(target.Name).SyncCopyFromUriAsync(origin.Uri, options, attempt.Token);
        }, cancellationToken);
        return true;
    }

    private static bool IsDirectory(IDictionary<string, string>? metadata) =>
        metadata?.Any(entry => entry.Key.Equals(DirectoryMark, StringComparison.OrdinalIgnoreCase)
            && entry.Value.Equals("true", StringComparison.OrdinalIgnoreCase)) == true;

    /// <remarks>A directory is a missing object.</remarks>
    private static void RequireFile(IDictionary<string, string> metadata)
    {
        if (IsDirectory(metadata))
        {
            throw new RequestFailedException(404, "It is a directory.", BlobErrorCode.BlobNotFound.ToString(), null);
        }
    }
}
