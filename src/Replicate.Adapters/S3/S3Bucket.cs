using Amazon.S3;
using Amazon.S3.Model;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.S3;

/// <summary>A bucket with a connection to it: finds its region, creates it where it is missing, and tells errors.</summary>
internal sealed class S3Bucket(BucketUrl url, S3Settings settings)
{
    private string _region = settings.Region ?? "us-east-1";
    private S3Client? _client;
    private bool _exists;

    /// <summary>The bucket's name.</summary>
    public string Name => url.Bucket;

    /// <summary>Whether the server is Amazon's own.</summary>
    public bool IsAmazon => settings.Endpoint is null;

    private string Endpoint => settings.Endpoint ?? "Amazon S3";

    /// <summary>Sends a request as often as it takes.</summary>
    /// <param name="verb">What it does, as in <c>read</c>.</param>
    /// <param name="request">The request; it may run several times.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<T> RunAsync<T>(string verb, Func<AmazonS3Client, Attempt, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await Retry.RunAsync(Endpoint, attempt => FollowAsync(client => request(client, attempt)), S3Error.Judge, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && S3Error.From(e, verb, Name, Endpoint) is { } error)
        {
            if (error.Kind == ErrorKind.PermissionDenied)
            {
                // A server that refused a body without reading it may take it for the next request.
                Renew(_region);
            }

            throw error;
        }
    }

    /// <summary>Sends a request; null when the object is missing from a bucket that is there.</summary>
    public async Task<T?> FindAsync<T>(string verb, Func<AmazonS3Client, Attempt, Task<T?>> request, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var found = await RunAsync(verb, request, cancellationToken);
            _exists = true;
            return found;
        }
        catch (ReplicateException e) when (e.InnerException is AmazonS3Exception missing && S3Error.IsMissing(missing))
        {
            // The answer to HEAD has no body, which would tell of the bucket.
            _exists |= missing.ErrorCode == "NoSuchKey";
            return _exists || await ExistsAsync(cancellationToken) ? null : throw S3Error.NoBucket(Name, Endpoint, missing);
        }
    }

    /// <summary>Makes sure that the bucket is there, before something is written.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_exists && !await ExistsAsync(cancellationToken))
        {
            await CreateAsync(cancellationToken);
            _exists = true;
        }
    }

    /// <remarks>
    /// Lists, because the answer to HEAD would not tell what is wrong. Who may not list may still be allowed to write:
    /// then the write tells.
    /// </remarks>
    private Task<bool> ExistsAsync(CancellationToken cancellationToken) => RunAsync("look", async (client, attempt) =>
    {
        try
        {
            await client.ListObjectsV2Async(Look(), attempt.Token);
        }
        catch (AmazonS3Exception e) when (S3Error.IsNoBucket(e))
        {
            return false;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "AccessDenied")
        {
        }

        return _exists = true;
    }, cancellationToken);

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        Notices.Verbose($"Creating the bucket '{Name}' at '{Endpoint}' in the region '{_region}'.");
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

    private async Task<T> FollowAsync<T>(Func<AmazonS3Client, Task<T>> request)
    {
        var client = _client ?? Renew(_region);
        try
        {
            return await request(client);
        }
        catch (AmazonS3Exception e) when (S3Error.IsPerhapsElsewhere(e))
        {
            if (await RegionAsync(client) is not { } region || region == client.Region)
            {
                throw;
            }

            // Several requests may find it out at the same time.
            var current = _client!;
            if (current.Region != region)
            {
                Notices.Verbose($"The bucket '{Name}' is in the region '{region}'.");
                current = Renew(region);
            }

            return await request(current);
        }
    }

    private async Task<string?> RegionAsync(S3Client client)
    {
        if (client.OtherRegion is null)
        {
            try
            {
                await client.ListObjectsV2Async(Look()); // Unlike that to HEAD, its answer has a body.
            }
            catch (AmazonS3Exception)
            {
            }
        }

        return client.OtherRegion;
    }

    private ListObjectsV2Request Look() => new() { BucketName = Name, MaxKeys = 1 };

    /// <remarks>The one before is left to requests that still run.</remarks>
    private S3Client Renew(string region)
    {
        _region = region;
        return _client = S3Client.Create(settings, region);
    }
}
