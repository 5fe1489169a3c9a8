using System.Net;
using System.Text;
using System.Text.Json;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Gcs;

/// <summary>A bucket with a connection to it: creates it where it is missing, and tells errors.</summary>
internal sealed class GcsBucket(BucketUrl url, GcsSettings settings)
{
    private GcsService? _service;
    private string? _project = settings.Project;
    private bool _exists;

    /// <summary>The bucket's name.</summary>
    public string Name => url.Bucket;

    private string Endpoint => settings.Endpoint ?? "Google Cloud Storage";

    /// <summary>Sends a request as often as it takes.</summary>
    /// <param name="verb">What it does, as in <c>read</c>.</param>
    /// <param name="request">The request; it may run several times.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<T> RunAsync<T>(string verb, Func<GcsService, Attempt, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await Retry.RunAsync(
                Endpoint,
                async attempt => await request(_service ??= await ConnectAsync(attempt.Token), attempt),
                GcsError.Judge,
                cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && GcsError.From(e, verb, Name, Endpoint) is { } error)
        {
            throw error;
        }
    }

    /// <summary>Sends a request; null when the object is missing from a bucket that is there.</summary>
    public async Task<T?> FindAsync<T>(string verb, Func<GcsService, Attempt, Task<T?>> request, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var found = await RunAsync(verb, request, cancellationToken);
            _exists = true;
            return found;
        }
        catch (ReplicateException e) when (GcsError.Is(e.InnerException, HttpStatusCode.NotFound))
        {
            return _exists || await ExistsAsync(cancellationToken) ? null : throw GcsError.NoBucket(Name, Endpoint, e.InnerException);
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

    private async Task<GcsService> ConnectAsync(CancellationToken cancellationToken)
    {
        var endpoint = new Uri(settings.Endpoint ?? "https://storage.googleapis.com/");
        if (!settings.HasCredentials)
        {
            return new GcsService(endpoint, null);
        }

        (var credential, _project) = await settings.FindCredentialsAsync(cancellationToken);
        return new GcsService(endpoint, credential);
    }

    /// <remarks>
    /// Lists, because more roles may do that than look at a bucket. Who may not may still be allowed to write: then the
    /// write tells.
    /// </remarks>
    private Task<bool> ExistsAsync(CancellationToken cancellationToken) => RunAsync("look", async (service, attempt) =>
    {
        try
        {
            var path = $"{GcsService.Path(Name, null)}?maxResults=1&fields=nextPageToken";
            await new GcsRequest<GcsPage>(service, "GET", path).ExecuteAsync(attempt.Token);
        }
        catch (Google.GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (Google.GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Forbidden)
        {
        }

        return _exists = true;
    }, cancellationToken);

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var project = _project ?? (settings.HasCredentials ? throw NoProject() : "emulated");
        Notices.Verbose($"Creating the bucket '{Name}' at '{Endpoint}' in the project '{project}'.");
        await RunAsync("create a bucket", async (service, attempt) =>
        {
            try
            {
                var request = new GcsRequest<GcsObject>(service, "POST", $"b?project={Uri.EscapeDataString(project)}")
                {
                    ModifyRequest = message => message.Content = new StringContent(
                        JsonSerializer.Serialize(new { name = Name }), Encoding.UTF8, "application/json"),
                };
                return await request.ExecuteAsync(attempt.Token);
            }
            catch (Google.GoogleApiException e) when (e.HttpStatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotImplemented)
            {
                return null; // Somebody else was faster, or an emulator has no buckets: the write tells.
            }
        }, cancellationToken);
    }

    private ReplicateException NoProject() => new(
        ErrorKind.InvalidArgument, "ProjectMissing",
        $"The bucket '{Name}' does not exist, and the credentials name no project to create it in.",
        "Set GOOGLE_CLOUD_PROJECT, or create the bucket.");
}
