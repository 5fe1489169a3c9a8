using Azure.Storage.Blobs;

namespace Replicate.Adapters.Azure;

/// <summary>What the environment says of access to Azure. Stores with equal settings are reached with the same credentials.</summary>
/// <param name="Endpoint">The URL of a blob service; null for that of the account in the cloud of <paramref name="Suffix"/>.</param>
/// <param name="Account">The account that key and shared access signature are of; null for whichever is asked for.</param>
/// <param name="Key">The account's key.</param>
/// <param name="Sas">A shared access signature.</param>
/// <param name="Origin">The variable that the key or the signature is from; null where neither is given.</param>
/// <param name="Suffix">What the names of the cloud's servers end with.</param>
/// <param name="Client">The identity to sign in with where there are several.</param>
internal sealed record AzureSettings(
    string? Endpoint, string? Account = null, string? Key = null, string? Sas = null, string? Origin = null,
    string Suffix = AzureSettings.PublicSuffix, string? Client = null)
{
    private const string PublicSuffix = "core.windows.net";
    private const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";

    /// <summary>The environment variables as they are now; a connection string wins over a key, that over a signature.</summary>
    /// <exception cref="ReplicateException">The connection string is none (<c>InvalidConnectionString</c>).</exception>
    public static AzureSettings FromEnvironment()
    {
        var signedIn = new AzureSettings(
            Variable("AZURE_STORAGE_BLOB_ENDPOINT"), Suffix: SuffixOf(Variable("AZURE_AUTHORITY_HOST")), Client: Variable("AZURE_CLIENT_ID"));
        if (Variable(ConnectionString) is { } text)
        {
            return OfConnectionString(text, signedIn);
        }

        var given = signedIn with { Account = Variable("AZURE_STORAGE_ACCOUNT") };
        return Variable("AZURE_STORAGE_KEY") is { } key ? given with { Key = key, Origin = "AZURE_STORAGE_KEY" }
            : Variable("AZURE_STORAGE_SAS_TOKEN") is { } sas ? given with { Sas = sas.TrimStart('?'), Origin = "AZURE_STORAGE_SAS_TOKEN" }
            : signedIn;
    }

    /// <summary>The URL of a container.</summary>
    /// <exception cref="ReplicateException">
    /// The credentials are of another account (<c>AccountMismatch</c>), or the endpoint is none of this one (<c>InvalidEndpoint</c>).
    /// </exception>
    public Uri UriOf(string account, string container)
    {
        if (Account is { } owner && owner != account)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "AccountMismatch",
                $"{Origin} is of the storage account '{owner}', not of '{account}', which has the container '{container}'.",
                $"Write az://{owner}/{container}, set what belongs to '{account}', or unset {Origin} and AZURE_STORAGE_ACCOUNT to sign in otherwise.");
        }

        // As Azure's own servers have it, with the account in front, or as emulators have it, with the account in the path.
        var endpoint = Endpoint?.TrimEnd('/') ?? $"https://{account}.blob.{Suffix}";
        foreach (var candidate in new[] { endpoint, $"{endpoint}/{account}" })
        {
            if (Uri.TryCreate(candidate, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                && new BlobUriBuilder(uri) is { BlobContainerName: "" } parsed && parsed.AccountName == account)
            {
                parsed.BlobContainerName = container;
                return parsed.ToUri();
            }
        }

        throw new ReplicateException(
            ErrorKind.InvalidArgument, "InvalidEndpoint", $"'{endpoint}' is no blob service of the storage account '{account}'.",
            $"Check the account, and AZURE_STORAGE_BLOB_ENDPOINT: https://{account}.blob.{Suffix}, or http://127.0.0.1:10000/{account} for an emulator.");
    }

    private static AzureSettings OfConnectionString(string text, AzureSettings otherwise)
    {
        var settings = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1], StringComparer.OrdinalIgnoreCase);
        if (settings.ContainsKey("UseDevelopmentStorage"))
        {
            // That of every emulator, which is no secret.
            return otherwise with
            {
                Endpoint = otherwise.Endpoint ?? "http://127.0.0.1:10000/devstoreaccount1", Account = "devstoreaccount1", Origin = ConnectionString,
                Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
            };
        }

        var (name, key, sas) = (settings.GetValueOrDefault("AccountName"), settings.GetValueOrDefault("AccountKey"), settings.GetValueOrDefault("SharedAccessSignature"));
        var endpoint = settings.GetValueOrDefault("BlobEndpoint");
        if ((key ?? sas) is null || (name ?? endpoint) is null)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "InvalidConnectionString",
                $"{ConnectionString} is no connection string of a storage account: it has no AccountKey or SharedAccessSignature, or names no account.",
                "Copy it from the account's access keys in the Azure portal, or from: az storage account show-connection-string");
        }

        var suffix = settings.GetValueOrDefault("EndpointSuffix") ?? otherwise.Suffix;
        var protocol = settings.GetValueOrDefault("DefaultEndpointsProtocol") ?? "https";
        return otherwise with
        {
            Endpoint = otherwise.Endpoint ?? endpoint ?? $"{protocol}://{name}.blob.{suffix}", Account = name, Key = key,
            Sas = key is null ? sas!.TrimStart('?') : null, Origin = ConnectionString, Suffix = suffix,
        };
    }

    /// <summary>What the names of the servers of a cloud end with, by where people sign in to it.</summary>
    internal static string SuffixOf(string? authority) => authority switch
    {
        null => PublicSuffix,
        _ when authority.Contains("microsoftonline.us", StringComparison.OrdinalIgnoreCase) => "core.usgovcloudapi.net",
        _ when authority.Contains("chinacloudapi.cn", StringComparison.OrdinalIgnoreCase)
            || authority.Contains("partner.microsoftonline.cn", StringComparison.OrdinalIgnoreCase) => "core.chinacloudapi.cn",
        _ => PublicSuffix,
    };

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
