using Azure.Core;
using Azure.Identity;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Azure;

/// <summary>A token that is kept until shortly before it expires: some ways to get one start a program each time.</summary>
internal sealed class AzureToken(TokenCredential source) : TokenCredential, IDisposable
{
    /// <summary>What tokens are asked for, in all of Azure's clouds.</summary>
    public static readonly TokenRequestContext Storage = new(["https://storage.azure.com/.default"]);

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(16);

    private readonly SemaphoreSlim _one = new(1);
    private AccessToken _token;

    /// <summary>Signs in where that is not done, which may take longer than a request: programs are started, servers looked for.</summary>
    public async Task<string> SignInAsync(Attempt attempt)
    {
        if (IsFresh)
        {
            return _token.Token;
        }

        attempt.MovedOut();
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token);
        soon.CancelAfter(Timeout);
        try
        {
            return (await GetTokenAsync(Storage, soon.Token)).Token;
        }
        catch (OperationCanceledException e) when (!attempt.Token.IsCancellationRequested)
        {
            throw new CredentialUnavailableException("Nobody gave a token in time.", e);
        }
        finally
        {
            attempt.Begin();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return IsFresh ? _token : _token = await source.GetTokenAsync(requestContext, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        GetTokenAsync(requestContext, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private bool IsFresh => _token.Token is not null && _token.ExpiresOn - Margin > DateTimeOffset.UtcNow;
}
