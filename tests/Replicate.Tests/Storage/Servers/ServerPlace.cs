using Replicate.Adapters.Azure;
using Replicate.Adapters.S3;
using Replicate.Storage;
using Replicate.Tests.Storage.Azure;
using Replicate.Tests.Storage.S3;

namespace Replicate.Tests.Storage.Servers;

/// <summary>A new bucket on a server that processes of their own are sent to.</summary>
/// <param name="Url">The URL of a repository in it.</param>
/// <param name="Endpoint">The URL of the server.</param>
/// <param name="Open">Opens the store of the repository here.</param>
/// <param name="VariablesFor">What a process needs in its environment to reach it at an endpoint.</param>
internal sealed record ServerPlace(
    string Url, string Endpoint, Func<IObjectStore> Open, Func<string, (string Name, string Value)[]> VariablesFor)
{
    /// <summary>What a process needs in its environment to reach it.</summary>
    public (string Name, string Value)[] Variables => VariablesFor(Endpoint);

    /// <summary>A place on a server of S3.</summary>
    public static ServerPlace Of(S3Settings settings)
    {
        var url = $"s3://{S3TestStore.NewBucket()}/root";
        return new ServerPlace(url, settings.Endpoint!, () => new S3Store(url, settings), endpoint =>
        [
            ("AWS_ENDPOINT_URL_S3", endpoint), ("AWS_ACCESS_KEY_ID", settings.AccessKey!), ("AWS_SECRET_ACCESS_KEY", settings.SecretKey!),
        ]);
    }

    /// <summary>A place on Azurite.</summary>
    public static ServerPlace Of(AzureSettings settings)
    {
        var url = $"az://tester/{S3TestStore.NewBucket()}/root";
        return new ServerPlace(url, settings.Endpoint!, () => new AzureStore(url, settings), endpoint =>
            AzureTestStore.ToVariables(settings with { Endpoint = endpoint }));
    }
}
