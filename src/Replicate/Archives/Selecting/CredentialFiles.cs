using System.Buffers;
using System.Text;

namespace Replicate.Archives.Selecting;

/// <summary>Tells files that are made to hold credentials, by their names and, where the name does not tell, by how they begin.</summary>
internal static class CredentialFiles
{
    private const int MaxContent = 32 << 10;

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ".env", ".envrc", ".netrc", "_netrc", ".git-credentials", ".pgpass", "pgpass.conf", ".my.cnf", ".htpasswd", ".boto", ".s3cfg",
        ".dockercfg", ".databrickscfg", ".modal.toml", ".vault-token", "kubeconfig", "kaggle.json", "secring.gpg",
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "id_xmss",
        "application_default_credentials.json", "client_secret.json", "credentials.tfrc.json", "msal_token_cache.json", "accessTokens.json",
    };

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pfx", ".p12", ".pkcs12", ".jks", ".keystore", ".ppk", ".kdbx", ".kubeconfig",
    };

    private static readonly string[] Places =
    [
        ".aws/credentials", ".docker/config.json", ".kube/config", ".huggingface/token", "huggingface/token", ".streamlit/secrets.toml",
        ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", "gh/hosts.yml", "gcloud/credentials.db",
        "gcloud/access_tokens.db", ".composer/auth.json", ".oci/oci_api_key.pem",
    ];

    private static readonly string[] Samples = ["example", "sample", "template", "tmpl", "dist", "defaults", "schema"];

    // What a settings file of a package manager has where it holds a secret, and not only the address of a registry.
    private static readonly Dictionary<string, string[]> SettingsWithSecrets = new(StringComparer.OrdinalIgnoreCase)
    {
        [".npmrc"] = ["_authToken", "_auth", "_password"],
        [".yarnrc"] = ["_authToken", "_auth", "_password"],
        [".yarnrc.yml"] = ["npmAuthToken", "npmAuthIdent"],
        [".pypirc"] = ["password", "token"],
        ["pip.conf"] = ["@"],
        ["pip.ini"] = ["@"],
        ["nuget.config"] = ["ClearTextPassword", "\"Password\""],
        [".condarc"] = ["/t/", "@"],
    };

    private static readonly HashSet<string> MayHoldKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "", ".pem", ".key", ".crt", ".cer", ".cert", ".priv", ".private", ".asc", ".gpg", ".txt", ".openssh", ".rsa", ".p8",
    };

    /// <summary>Whether a file looks like one.</summary>
    /// <param name="path">Its path as it would be saved, with <c>/</c>.</param>
    /// <param name="file">The file.</param>
    internal static bool Contains(string path, FileInfo file) =>
        IsNamedSo(path) || IsNamedSo(ArchivePath.WithSlashes(file.FullName)) || HoldsSo(file);

    private static bool IsNamedSo(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return Names.Contains(name)
            || Extensions.Contains(Path.GetExtension(name))
            || (name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase) && !Array.Exists(Samples, sample => IsSample(name, sample)))
            || Array.Exists(Places, place => path.EndsWith(place, StringComparison.OrdinalIgnoreCase)
                && (path.Length == place.Length || path[^(place.Length + 1)] == '/'));
    }

    private static bool IsSample(string name, string sample) =>
        name.Split('.').Contains(sample, StringComparer.OrdinalIgnoreCase);

    private static bool HoldsSo(FileInfo file)
    {
        if (file.Length is 0 or > MaxContent)
        {
            return false;
        }

        if (SettingsWithSecrets.TryGetValue(file.Name, out var words))
        {
            var text = Read(file);
            return Array.Exists(words, word => text.Contains(word, StringComparison.Ordinal));
        }

        return MayHoldKeys.Contains(file.Extension) ? IsPrivateKey(Read(file))
            : file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase) && IsServiceAccount(file);
    }

    private static bool IsPrivateKey(string text) =>
        text.Contains("-----BEGIN ", StringComparison.Ordinal)
        && (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) || text.Contains("PRIVATE KEY BLOCK-----", StringComparison.Ordinal));

    /// <remarks>Of Google: a key of a service account, or what a user signed in with.</remarks>
    private static bool IsServiceAccount(FileInfo file)
    {
        var text = Read(file);
        return (text.Contains("\"service_account\"", StringComparison.Ordinal) && text.Contains("\"private_key\"", StringComparison.Ordinal))
            || (text.Contains("\"refresh_token\"", StringComparison.Ordinal) && text.Contains("\"client_secret\"", StringComparison.Ordinal));
    }

    private static string Read(FileInfo file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxContent);
        try
        {
            using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

            // What is looked for is ASCII.
            return Encoding.Latin1.GetString(buffer, 0, RandomAccess.Read(handle, buffer.AsSpan(0, MaxContent), 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // Who saves it says what is wrong with it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
