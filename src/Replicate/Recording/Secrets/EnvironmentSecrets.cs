using System.Collections;
using System.Text.Json;

namespace Replicate.Recording.Secrets;

/// <summary>Finds the secrets in the variables of an environment, by their names.</summary>
internal static class EnvironmentSecrets
{
    /// <summary>The variable that lists further variables whose values are secrets, separated by commas.</summary>
    internal const string ListVariable = "REPLICATE_MASK";

    private const int MinLength = 8;
    private const int MinListedLength = 4;
    private const int MinLineLength = 20;

    private static readonly string[] Words = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "KEY", "CREDENTIAL", "PWD", "PASS"];

    /// <summary>The secrets in the ways in which a text may hold them, the longest first, with the names of their variables.</summary>
    /// <param name="variables">Variables by name.</param>
    internal static IReadOnlyList<(string Value, string Name)> Of(IDictionary variables)
    {
        var listed = (variables[ListVariable] as string ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in variables)
        {
            if (entry is not { Key: string name, Value: string value })
            {
                continue;
            }

            if (listed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                Add(found, name, value, MinListedLength);
            }
            else if (IsSecret(name, value))
            {
                Add(found, name, value, MinLength);
            }
            else if (value.IndexOf("://", StringComparison.Ordinal) is > 0 and var colon && UrlSecrets.In(value, colon) is var (start, end))
            {
                Add(found, name, value[start..end], MinLength);
            }
        }

        return [.. found.Select(pair => (pair.Key, pair.Value)).OrderByDescending(secret => secret.Key.Length).ThenBy(secret => secret.Key, StringComparer.Ordinal)];
    }

    /// <summary>A number, a switch, a path and a URL without a password are data, whatever the name.</summary>
    private static bool IsSecret(string name, string value) =>
        Array.Exists(Words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        && !name.Contains("TOKENIZER", StringComparison.OrdinalIgnoreCase)
        && !NumberScan.IsWhole(value, out _)
        && value is not (['/' or '~', ..] or ['.', '/' or '\\', ..] or [_, ':', '\\' or '/', ..])
        && !(value.Contains("://", StringComparison.Ordinal) && !value.Contains('@', StringComparison.Ordinal) && !value.Contains('?', StringComparison.Ordinal));

    private static void Add(Dictionary<string, string> found, string name, string value, int minLength)
    {
        if (value.Trim() is var secret && secret.Length < minLength)
        {
            return;
        }

        foreach (var form in Forms(secret))
        {
            found.TryAdd(form, name);
        }

        // A program prints it line by line.
        foreach (var line in secret.Contains('\n', StringComparison.Ordinal) ? secret.Split('\n', StringSplitOptions.TrimEntries) : [])
        {
            if (line.Length >= MinLineLength && !line.StartsWith("-----", StringComparison.Ordinal))
            {
                found.TryAdd(line, name);
            }
        }
    }

    private static IEnumerable<string> Forms(string secret) =>
    [
        secret,
        JsonEncodedText.Encode(secret).ToString(),
        Uri.EscapeDataString(secret),
        secret.Replace("'", "''", StringComparison.Ordinal),
        secret.Replace("'", "'\\''", StringComparison.Ordinal),
        secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal),
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)),
    ];
}
