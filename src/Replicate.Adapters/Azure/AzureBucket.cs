using Azure;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Azure;

/// <summary>A container of an Azure storage account.</summary>
internal sealed class AzureBucket(BucketUrl url, AzureSettings settings)
    : CloudBucket<AzureClient>(url, settings.Endpoint ?? $"https://{url.Account}.blob.{settings.Suffix}", new AzureError(settings))
{
    private AzureClient? _client;

    /// <inheritdoc/>
    protected override async Task<T> SendAsync<T>(Func<AzureClient, Attempt, Task<T>> request, Attempt attempt)
    {
        var client = _client ??= AzureClient.Create(settings, Url);
        await client.SignInAsync(attempt);
        return await request(client, attempt);
    }

    /// <inheritdoc/>
    protected override async Task<bool> LookAsync(AzureClient client, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in client.Container.GetBlobsAsync(cancellationToken: cancellationToken).AsPages(pageSizeHint: 1))
            {
                break;
            }

            return true;
        }
        catch (RequestFailedException e) when (Errors.Read(e) is { Kind: RefusalKind.NoBucket or RefusalKind.Missing, IsBusy: false })
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task CreateAsync(CancellationToken cancellationToken)
    {
        Log.Verbose($"Creating the {Url.Place} at '{Server}'.");
        await RunAsync("create a container", async (client, attempt) =>
        {
            try
            {
                return await client.Container.CreateAsync(cancellationToken: attempt.Token);
            }
            catch (RequestFailedException e) when (e.ErrorCode == "ContainerAlreadyExists")
            {
                return null;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Who signs in again is noticed so.</remarks>
    protected override void Reconnect() => _client = null;
}
