using System.Net;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Apis.Services;
using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Gcs;

/// <summary>A bucket of Google Cloud Storage: knows its project.</summary>
internal sealed class GcsBucket(BucketUrl url, GcsSettings settings)
    : CloudBucket<StorageClient>(url, settings.Endpoint ?? "Google Cloud Storage", GcsError.Instance)
{
    private static readonly ListObjectsOptions Look = new() { PageSize = 1, Fields = "nextPageToken", RetryOptions = RetryOptions.Never };
    private static readonly CreateBucketOptions Create = new() { RetryOptions = RetryOptions.Never };

    private StorageClient? _client;
    private string? _project = settings.Project;

    /// <inheritdoc/>
    protected override async Task<T> SendAsync<T>(Func<StorageClient, Attempt, Task<T>> request, Attempt attempt) =>
        await request(_client ??= await ConnectAsync(attempt.Token), attempt);

    /// <inheritdoc/>
    protected override async Task<bool> LookAsync(StorageClient client, CancellationToken cancellationToken)
    {
        try
        {
            _ = await client.ListObjectsAsync(Name, null, Look).AsRawResponses().FirstAsync(cancellationToken);
            return true;
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task CreateAsync(CancellationToken cancellationToken)
    {
        var project = _project ?? (settings.HasCredentials ? throw NoProject() : "emulated");
        Log.Verbose($"Creating the bucket '{Name}' at '{Server}' in the project '{project}'.");
        await RunAsync("create a bucket", async (client, attempt) =>
        {
            try
            {
                return await client.CreateBucketAsync(project, Name, Create, attempt.Token);
            }
            catch (GoogleApiException e) when (e.HttpStatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotImplemented)
            {
                return null; // Somebody else was faster, or an emulator has no buckets: the write tells.
            }
        }, cancellationToken);
    }

    /// <remarks>
    /// Repeating is done where it is known which request may already have been carried out. Compressed, an answer would not
    /// tell how long an object is.
    /// </remarks>
    private async Task<StorageClient> ConnectAsync(CancellationToken cancellationToken)
    {
        GoogleCredential? credential = null;
        if (settings.HasCredentials)
        {
            (credential, _project) = await settings.FindCredentialsAsync(cancellationToken);
        }

        return new StorageClientImpl(new StorageService(new BaseClientService.Initializer
        {
            BaseUri = new Uri(new Uri(settings.Endpoint ?? "https://storage.googleapis.com/"), "storage/v1/").AbsoluteUri,
            HttpClientInitializer = credential?.CreateWithHttpClientFactory(Connections.Instance),
            HttpClientFactory = Connections.Instance,
            HttpClientTimeout = Timeout.InfiniteTimeSpan,
            ApplicationName = "Replicate",
            GZipEnabled = false,
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
        }));
    }

    private ReplicateException NoProject() => new(
        ErrorKind.InvalidArgument, "ProjectMissing",
        $"The bucket '{Name}' does not exist, and the credentials name no project to create it in.",
        "Set GOOGLE_CLOUD_PROJECT, or create the bucket.");

    private sealed class Connections : HttpClientFactory
    {
        public static readonly Connections Instance = new();

        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false,
        };
    }
}
