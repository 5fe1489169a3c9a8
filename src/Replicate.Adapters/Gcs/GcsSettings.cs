using System.Text.Json;
using Google.Apis.Auth.OAuth2;

namespace Replicate.Adapters.Gcs;

/// <summary>What the environment says of access to Google Cloud Storage. Stores with equal settings are the same store.</summary>
/// <param name="Endpoint">The URL of an emulator; null for Google's own.</param>
/// <param name="CredentialsJson">Credentials as JSON; null for the application default credentials.</param>
/// <param name="CredentialsFile">Where the application default credentials are, if not in their usual place.</param>
/// <param name="Project">The project in which a bucket is created; null for that of the credentials.</param>
internal sealed record GcsSettings(
    string? Endpoint, string? CredentialsJson = null, string? CredentialsFile = null, string? Project = null)
{
    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_write";

    /// <summary>The environment variables as they are now.</summary>
    public static GcsSettings FromEnvironment()
    {
        var emulator = Variable("STORAGE_EMULATOR_HOST");
        return new GcsSettings(
            emulator is null || emulator.Contains("://", StringComparison.Ordinal) ? emulator : $"http://{emulator}",
            emulator is null ? Variable("GOOGLE_APPLICATION_CREDENTIALS_JSON") : null,
            Variable("GOOGLE_APPLICATION_CREDENTIALS"),
            Variable("GOOGLE_CLOUD_PROJECT"));
    }

    /// <summary>Whether requests carry credentials; those to an emulator don't.</summary>
    public bool HasCredentials => Endpoint is null || CredentialsJson is not null;

    /// <summary>Finds the credentials, and the project they belong to.</summary>
    public async Task<(GoogleCredential Credential, string? Project)> FindCredentialsAsync(CancellationToken cancellationToken)
    {
        if (CredentialsJson is null)
        {
            var found = await GoogleCredential.GetApplicationDefaultAsync(cancellationToken);
            return (Scoped(found), Project ?? (found.UnderlyingCredential as ServiceAccountCredential)?.ProjectId ?? found.QuotaProject);
        }

        using var json = JsonDocument.Parse(CredentialsJson);
        var credential = CredentialFactory.FromJson(CredentialsJson, Text(json, "type"));
        return (Scoped(credential), Project ?? Text(json, "project_id") ?? Text(json, "quota_project_id"));
    }

    private static GoogleCredential Scoped(GoogleCredential credential) =>
        credential.IsCreateScopedRequired ? credential.CreateScoped(Scope) : credential;

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
