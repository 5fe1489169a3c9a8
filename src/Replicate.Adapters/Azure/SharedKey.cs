using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;

namespace Replicate.Adapters.Azure;

/// <summary>Signs requests that the client does not send with the key of an account, as the service's reference has it.</summary>
internal static class SharedKey
{
    /// <summary>Adds the time and the signature to a request that has all else.</summary>
    public static void Sign(Request request, string account, string key)
    {
        request.Headers.SetValue("x-ms-date", DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        var signature = HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(Text(request, account)));
        request.Headers.SetValue("Authorization", $"SharedKey {account}:{Convert.ToBase64String(signature)}");
    }

    private static string Text(Request request, string account)
    {
        var uri = request.Uri.ToUri();
        string Value(string name) => request.Headers.TryGetValue(name, out var value) ? value : "";
        var own = request.Headers.Where(header => header.Name.StartsWith("x-ms-", StringComparison.Ordinal))
            .OrderBy(header => header.Name, StringComparer.Ordinal).Select(header => $"{header.Name}:{header.Value}");
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)
            .Order(StringComparer.Ordinal).Select(pair => pair.Replace('=', ':'));
        string[] lines =
        [
            request.Method.Method, "", "", Value("Content-Length"), "", Value("Content-Type"), "", "", "", "", "", "",
            .. own, $"/{account}{uri.AbsolutePath}", .. query,
        ];
        return string.Join('\n', lines);
    }
}
