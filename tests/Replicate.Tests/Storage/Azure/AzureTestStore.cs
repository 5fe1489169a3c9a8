using System.Text;
using Replicate.Adapters.Azure;
using Replicate.Tests.Storage.S3;

namespace Replicate.Tests.Storage.Azure;

/// <summary>Stores of tests, each in a place of its own.</summary>
internal static class AzureTestStore
{
    /// <summary>A store in a new container.</summary>
    public static AzureStore New(AzureSettings settings, string? root = null) =>
        new($"az://tester/{S3TestStore.NewBucket()}{(root is null ? "" : "/" + root)}", settings);

    /// <summary>The key of an account of Azurite.</summary>
    public static string KeyOf(string password) => Convert.ToBase64String(Encoding.ASCII.GetBytes(password));

    /// <summary>What a process needs in its environment to have the same settings.</summary>
    public static (string Name, string Value)[] ToVariables(AzureSettings settings) =>
        [("AZURE_STORAGE_BLOB_ENDPOINT", settings.Endpoint!), ("AZURE_STORAGE_KEY", settings.Key!)];
}
