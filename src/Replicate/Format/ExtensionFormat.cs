using System.Text.Json;

namespace Replicate.Format;

/// <summary>How <see cref="ExperimentExtension"/> is written under our own key.</summary>
internal static class ExtensionFormat
{
    internal const string Key = "powershell";

    private static readonly Dictionary<string, ExperimentStatus> Statuses = new()
    {
        ["completed"] = ExperimentStatus.Completed,
        ["failed"] = ExperimentStatus.Failed,
        ["interrupted"] = ExperimentStatus.Interrupted,
    };

    private static readonly string[] Keys = ["version", "status", "exit_code", "ended", "detached_until", "no_heartbeat", "null_texts"];

    /// <summary>Whether this release knows a key within ours.</summary>
    internal static bool Knows(string key) => Keys.Contains(key);

    internal static ExperimentExtension? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        JsonTokens.ExpectObject(ref reader, Key);
        var extension = new ExperimentExtension();
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "version": extension = extension with { Version = JsonTokens.Text(ref reader, key) }; break;
                case "status": extension = extension with { Status = StatusOf(JsonTokens.Text(ref reader, key)) }; break;
                case "exit_code": extension = extension with { ExitCode = ReadExitCode(ref reader, key) }; break;
                case "ended": extension = extension with { Ended = JsonTokens.Time(ref reader, key) }; break;
                case "detached_until": extension = extension with { DetachedUntil = JsonTokens.Time(ref reader, key) }; break;
                case "no_heartbeat": extension = extension with { NoHeartbeat = JsonTokens.Flag(ref reader, key) }; break;
                case "null_texts": extension = extension with { NullTexts = JsonTokens.Flag(ref reader, key) }; break;
                default: reader.Skip(); break;
            }
        }

        return extension;
    }

    /// <summary>Writes the keys that are set; <c>version</c> always.</summary>
    internal static void WriteMembers(JsonTextWriter json, ExperimentExtension extension)
    {
        json.Member("version", extension.Version);
        if (extension.Status is { } status)
        {
            json.Member("status", Statuses.First(pair => pair.Value == status).Key);
        }

        if (extension.ExitCode is { } exitCode)
        {
            json.Member("exit_code", (long)exitCode);
        }

        if (extension.Ended is { } ended)
        {
            json.Member("ended", ended.ToString());
        }

        if (extension.DetachedUntil is { } detachedUntil)
        {
            json.Member("detached_until", detachedUntil.ToString());
        }

        if (extension.NoHeartbeat)
        {
            json.Member("no_heartbeat", true);
        }

        if (extension.NullTexts)
        {
            json.Member("null_texts", true);
        }
    }

    // A status of a later release is one that this release does not know of.
    private static ExperimentStatus? StatusOf(string text) => Statuses.TryGetValue(text, out var status) ? status : null;

    private static int? ReadExitCode(ref Utf8JsonReader reader, string key) =>
        reader.TokenType == JsonTokenType.Null ? null
        : JsonTokens.Integer(ref reader, key) is >= int.MinValue and <= int.MaxValue and var code ? (int)code
        : throw new FormatException($"'{key}' is out of range.");
}
