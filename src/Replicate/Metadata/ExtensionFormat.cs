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

    private static readonly byte[] KeyUtf8 = Encoding.UTF8.GetBytes(Key);

    private static readonly Dictionary<string, ExtensionField> Fields = ExtensionFields.All.ToDictionary(field => field.Name);

    /// <summary>Whether this release knows a key within ours.</summary>
    internal static bool Knows(string key) => key == MetadataSeal.Name || Fields.ContainsKey(key);

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
            if (Fields.TryGetValue(key, out var field))
            {
                field.Read(ref reader, extension);
            }
            else
            {
                reader.Skip();
            }
        }

        return extension;
    }

    /// <summary>Writes the keys that are set; <c>version</c> always.</summary>
    internal static void WriteMembers(JsonTextWriter json, ExperimentExtension extension)
    {
        foreach (var field in ExtensionFields.All)
        {
            if (field.ValueOf(extension) is { } value)
            {
                json.Member(field.Name, value);
            }
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
        if (checkpoint.Sha256.Length > 0)
        {
            json.Member(Sha256, checkpoint.Sha256);
        }

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

    /// <summary>Reads a SHA-256. What can't be one is none: what was saved may be whole nevertheless.</summary>
    internal static string ReadSha256(ref Utf8JsonReader reader)
    {
        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false } && PackedId.TryPack(reader.ValueSpan) is { } sha256)
        {
            return sha256.ToString();
        }

        reader.Skip();
        return "";
    }
}
