using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.S3;

/// <summary>A bucket of S3: finds its region.</summary>
internal sealed class S3Bucket(BucketUrl url, S3Settings settings)
    : CloudBucket<AmazonS3Client>(url, settings.Endpoint ?? "Amazon S3", S3Error.Instance)
{
    private string _region = settings.Region ?? "us-east-1";
    private S3Client? _client;

    /// <summary>Whether the server is Amazon's own.</summary>
    public bool IsAmazon => settings.Endpoint is null;

    private ListObjectsV2Request Look => new() { BucketName = Name, MaxKeys = 1 };

    /// <inheritdoc/>
    protected override async Task<bool> LookAsync(AmazonS3Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ListObjectsV2Async(Look, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception e) when (Errors.Read(e) is { Kind: RefusalKind.NoBucket })
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task CreateAsync(CancellationToken cancellationToken)
    {
        Log.Verbose($"Creating the bucket '{Name}' at '{Server}' in the region '{_region}'.");
        await RunAsync("create a bucket", async (client, attempt) =>
        {
            try
            {
                return await client.PutBucketAsync(
                    new PutBucketRequest
                    {
                        BucketName = Name,
                        UseClientRegion = false,
                        BucketRegionName = IsAmazon && _region != "us-east-1" ? _region : null,
                    },
                    attempt.Token);
            }
            catch (AmazonS3Exception e) when (e.ErrorCode == "BucketAlreadyOwnedByYou")
            {
                return null;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task<T> SendAsync<T>(Func<AmazonS3Client, Attempt, Task<T>> request, Attempt attempt)
    {
        var client = _client ?? Renew(_region);
        try
        {
            return await request(client, attempt);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Moved or HttpStatusCode.TemporaryRedirect)
        {
            if (await RegionAsync(client) is not { } region || region == client.Region)
            {
                throw;
            }

            // Several requests may find it out at the same time.
            var current = _client!;
            if (current.Region != region)
            {
                Log.Verbose($"The bucket '{Name}' is in the region '{region}'.");
                current = Renew(region);
            }

            return await request(current, attempt);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A server that refused a body without reading it may take it for the next request.</remarks>
    protected override void Reconnect() => Renew(_region);

    private async Task<string?> RegionAsync(S3Client client)
    {
        if (client.OtherRegion is null)
        {
            try
            {
                await client.ListObjectsV2Async(Look); // Unlike that to HEAD, its answer has a body.
            }
            catch (AmazonS3Exception)
            {
            }
        }

        return client.OtherRegion;
    }

    /// <remarks>The one before is left to requests that still run.</remarks>
    private S3Client Renew(string region)
    {
        _region = region;
        return _client = S3Client.Create(settings, region);
    }
}
