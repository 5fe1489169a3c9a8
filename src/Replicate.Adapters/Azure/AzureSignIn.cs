using Azure.Core;
using Azure.Identity;
using Microsoft.Identity.Client;

namespace Replicate.Adapters.Azure;

/// <summary>
/// Whoever is signed in to Azure: in this session, else as Azure's own tools know it, by variables, the identity of a workload or a
/// machine, the command lines and Az PowerShell.
/// </summary>
internal sealed class AzureSignIn : TokenCredential
{
    private const string Resource = "https://storage.azure.com/";

    private readonly DefaultAzureCredential _any = Create(withMachine: true);
    private readonly Lazy<DefaultAzureCredential> _withoutMachine = new(() => Create(withMachine: false));

    /// <inheritdoc/>
    /// <remarks>Where a proxy answers in place of the machine's identity, the client gives up before it asks who is signed in.</remarks>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (HostSignIn.Find is { } find && await find(Resource, cancellationToken) is { } token)
        {
            return new AccessToken(token.Text, token.Expires);
        }

        try
        {
            return await _any.GetTokenAsync(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException e) when (e.InnerException is MsalException { ErrorCode: MsalError.ManagedIdentityAllSourcesUnavailable })
        {
            return await _withoutMachine.Value.GetTokenAsync(requestContext, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        GetTokenAsync(requestContext, cancellationToken).AsTask().GetAwaiter().GetResult();

    private static DefaultAzureCredential Create(bool withMachine) => new(new DefaultAzureCredentialOptions
    {
        ExcludeManagedIdentityCredential = !withMachine, Retry = { MaxRetries = 0 },
        Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
    });
}
