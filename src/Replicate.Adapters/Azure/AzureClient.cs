using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Azure;

/// <summary>
/// Azure's client of a container, which leaves repetition to <see cref="Retry"/>, where it is known which request may already
/// have been carried out.
/// </summary>
internal sealed class AzureClient
{
    private const string ServiceVersion = "2024-11-04";

    private static readonly TimeSpan CopyTime = TimeSpan.FromHours(6);

    private readonly string? _key;
    private readonly string? _sas;
    private readonly AzureToken? _token;

    private AzureClient(
        BlobContainerClient container, BlobClientOptions options, string? key = null, string? sas = null, AzureToken? token = null)
    {
        (Container, _key, _sas, _token) = (container, key, sas, token);
        Pipeline = new HttpPipeline(options.Transport); // What policies add to a request would be missing from its signature.
    }

    /// <summary>The client of the container.</summary>
    public BlobContainerClient Container { get; }

    /// <summary>Sends what the client does not, over the same connections; see <see cref="AuthorizeAsync"/>.</summary>
    public HttpPipeline Pipeline { get; }

    /// <summary>A client with what the settings say of credentials; without, whoever Azure's own tools know.</summary>
    public static AzureClient Create(AzureSettings settings, BucketUrl url)
    {
        var uri = settings.UriOf(url.Account!, url.Bucket);
        var options = new BlobClientOptions
        {
            Retry = { MaxRetries = 0, NetworkTimeout = Timeout.InfiniteTimeSpan },
            Transport = new HttpClientTransport(new HttpClient(new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false,
            })
            {
                Timeout = Timeout.InfiniteTimeSpan,
            }),
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, ApplicationId = "Replicate" },
        };
        if (settings.Key is { } key)
        {
            var credential = ToCredential(url.Account!, key, settings.Origin!);
            return new AzureClient(new BlobContainerClient(uri, credential, options), options, key: key);
        }

        if (settings.Sas is { } sas)
        {
            return new AzureClient(new BlobContainerClient(uri, new AzureSasCredential(sas), options), options, sas: sas);
        }

        var token = new AzureToken(new AzureSignIn());
        return new AzureClient(new BlobContainerClient(uri, token, options), options, token: token);
    }

    /// <summary>Makes sure that the next request does not have to sign in first.</summary>
    public Task SignInAsync(Attempt attempt) => _token is null ? Task.CompletedTask : _token.SignInAsync(attempt);

    /// <summary>Lets a request in that the client does not send; it has all else already.</summary>
    public async Task AuthorizeAsync(Request request, CancellationToken cancellationToken)
    {
        request.Headers.SetValue("x-ms-version", ServiceVersion);
        if (_key is not null)
        {
            SharedKey.Sign(request, Container.AccountName, _key);
        }
        else if (_sas is not null)
        {
            request.Uri.Query = request.Uri.Query.TrimStart('?') is { Length: > 0 } query ? $"?{query}&{_sas}" : $"?{_sas}";
        }
        else
        {
            var token = await _token!.GetTokenAsync(AzureToken.Storage, cancellationToken);
            request.Headers.SetValue("Authorization", $"Bearer {token.Token}");
        }
    }

    /// <summary>What lets another container of the cloud copy an object from this one, for some hours.</summary>
    public async Task<(Uri Uri, HttpAuthorization? Authorization)> ToSourceAsync(string name, Attempt attempt)
    {
        var blob = Container.GetBlobClient(name);
        if (_token is not null)
        {
            return (blob.Uri, new HttpAuthorization("Bearer", await _token.SignInAsync(attempt)));
        }

        var uri = _sas is not null ? new UriBuilder(blob.Uri) { Query = _sas }.Uri
            : blob.GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UtcNow + CopyTime);
        return (uri, null);
    }

    private static StorageSharedKeyCredential ToCredential(string account, string key, string variable)
    {
        try
        {
            return new StorageSharedKeyCredential(account, key);
        }
        catch (FormatException e)
        {
            throw new ReplicateException(
                ErrorKind.PermissionDenied, ErrorIds.CredentialsRefused, $"{variable} holds no key of the storage account '{account}': it is not Base64.",
                "Copy a key from the account's access keys in the Azure portal, or from: az storage account keys list", e);
        }
    }
}
