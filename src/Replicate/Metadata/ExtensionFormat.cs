using System.Text;
using System.Text.Json;

namespace Replicate.Metadata;

/// <summary>How <see cref="ExperimentExtension"/> is written under our own key.</summary>
internal static class ExtensionFormat
{
    internal const string Key = "powershell";

    private const string Sha256 = "sha256";
    private const string MissingFiles = "missing_files";
    private const string Counted = "counted";
    private const string Deleted = "deleted";

    private static readonly byte[] KeyUtf8 = Encoding.UTF8.GetBytes(Key);

    private static readonly Dictionary<string, ExperimentStatus> Statuses = new()
    {
        ["completed"] = ExperimentStatus.Completed,
        ["failed"] = ExperimentStatus.Failed,
        ["interrupted"] = ExperimentStatus.Interrupted,
    };

    private static readonly string[] Keys =
    [
        "version", "status", "exit_code", "error_output", "ended", "detached_until", "no_heartbeat", "environment",
        "git", "build", "parent", "parent_checkpoint", "parent_step", "tags", "note", "null_texts", Sha256, Deleted, MetadataSeal.Name,
    ];

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
                case "error_output": extension = extension with { ErrorOutput = JsonTokens.Text(ref reader, key, isShared: false) }; break;
                case "ended": extension = extension with { Ended = JsonTokens.Time(ref reader, key) }; break;
                case "detached_until": extension = extension with { DetachedUntil = JsonTokens.Time(ref reader, key) }; break;
                case "no_heartbeat": extension = extension with { NoHeartbeat = JsonTokens.Flag(ref reader, key) }; break;
                case "environment": extension = extension with { Environment = ReadMap(ref reader, key) }; break;
                case "git": extension = extension with { Git = ReadMap(ref reader, key) }; break;
                case "build": extension = extension with { Build = ReadMap(ref reader, key) }; break;
                case "parent": extension = extension with { Parent = JsonTokens.Text(ref reader, key) }; break;
                case "parent_checkpoint": extension = extension with { ParentCheckpoint = JsonTokens.Text(ref reader, key) }; break;
                case "parent_step":
                    extension = extension with { ParentStep = reader.TokenType == JsonTokenType.Null ? null : JsonTokens.Integer(ref reader, key) };
                    break;
                case "tags": extension = extension with { Tags = ReadTags(ref reader, key) }; break;
                case "note": extension = extension with { Note = JsonTokens.Text(ref reader, key) }; break;
                case "null_texts": extension = extension with { NullTexts = JsonTokens.Flag(ref reader, key) }; break;
                case Deleted: extension = extension with { IsDeleted = JsonTokens.Flag(ref reader, key) }; break;
                case Sha256: extension = extension with { Sha256 = ReadSha256(ref reader) }; break;
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

        WriteText(json, "error_output", extension.ErrorOutput);

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

        WriteMap(json, "environment", extension.Environment);
        WriteMap(json, "git", extension.Git);
        WriteMap(json, "build", extension.Build);
        WriteText(json, "parent", extension.Parent);
        WriteText(json, "parent_checkpoint", extension.ParentCheckpoint);
        if (extension.ParentStep is { } parentStep)
        {
            json.Member("parent_step", parentStep);
        }

        if (extension.Tags.Count > 0)
        {
            json.Member("tags", new ValueList([.. extension.Tags]));
        }

        WriteText(json, "note", extension.Note);
        if (extension.NullTexts)
        {
            json.Member("null_texts", true);
        }

        WriteText(json, Sha256, extension.Sha256);
        if (extension.IsDeleted)
        {
            json.Member(Deleted, true);
        }
    }

    /// <summary>
    /// Reads what our own key says in a checkpoint's entry: the SHA-256 of its tarball, empty for none, the files that its
    /// step wrote and that were not saved, and whether its step may change until it is sent.
    /// </summary>
    internal static (string Sha256, IReadOnlyList<string> MissingFiles, bool IsCounted) ReadCheckpoint(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return ("", [], false);
        }

        var sha256 = "";
        IReadOnlyList<string> missing = [];
        var isCounted = false;
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case Sha256: sha256 = ReadSha256(ref reader); break;
                case MissingFiles: missing = ReadNames(ref reader); break;
                case Counted when reader.TokenType is JsonTokenType.True: isCounted = true; break;
                default: reader.Skip(); break;
            }
        }

        return (sha256, missing, isCounted);
    }

    /// <summary>Writes our own key of a checkpoint's entry; it is there even when empty, because it says that texts are texts.</summary>
    /// <param name="json">Gets it.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="isWaiting">Whether it waits to be sent, so that its step may change.</param>
    internal static void WriteCheckpoint(JsonTextWriter json, Checkpoint checkpoint, bool isWaiting)
    {
        json.Name(KeyUtf8);
        json.BeginObject();
        WriteText(json, Sha256, checkpoint.Sha256);
        if (checkpoint.MissingFiles.Count > 0)
        {
            json.Member(MissingFiles, new ValueList([.. checkpoint.MissingFiles]));
        }

        if (isWaiting && checkpoint.IsCounted)
        {
            json.Member(Counted, true);
        }

        json.EndObject();
    }

    // Whatever else is there names no file.
    private static List<string> ReadNames(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return [];
        }

        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                names.Add(JsonTokens.Text(ref reader, isShared: false));
            }
            else
            {
                reader.Skip();
            }
        }

        return names;
    }

    // What can't be one is none: what was saved may be whole nevertheless. It is of the form of our ids.
    private static string ReadSha256(ref Utf8JsonReader reader)
    {
        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false } && PackedId.TryPack(reader.ValueSpan) is { } sha256)
        {
            return sha256.ToString();
        }

        reader.Skip();
        return "";
    }

    private static void WriteText(JsonTextWriter json, string name, string text)
    {
        if (text.Length > 0)
        {
            json.Member(name, text);
        }
    }

    private static void WriteMap(JsonTextWriter json, string name, ValueMap map)
    {
        if (map.Count > 0)
        {
            json.Member(name, map);
        }
    }

    private static ValueMap ReadMap(ref Utf8JsonReader reader, string key) => new ValueReader().ReadMap(ref reader, key);

    private static TagList ReadTags(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return TagList.Empty;
        }

        JsonTokens.ExpectArray(ref reader, key);
        var tags = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            tags.Add(JsonTokens.Text(ref reader, key));
        }

        return TagList.From(tags.Where(tag => tag.Trim().Length > 0 && !tag.Contains(',', StringComparison.Ordinal)));
    }

    // A status of a later release is one that this release does not know of.
    private static ExperimentStatus? StatusOf(string text) => Statuses.TryGetValue(text, out var status) ? status : null;

    private static int? ReadExitCode(ref Utf8JsonReader reader, string key) =>
        reader.TokenType == JsonTokenType.Null ? null
        : JsonTokens.Integer(ref reader, key) is >= int.MinValue and <= int.MaxValue and var code ? (int)code
        : throw new FormatException($"'{key}' is out of range.");
}
