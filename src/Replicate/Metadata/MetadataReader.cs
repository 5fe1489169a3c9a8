using System.Text.Json;

namespace Replicate.Metadata;

/// <summary>The one place that reads the JSON of a repository.</summary>
internal static class MetadataReader
{
    private static ReadOnlySpan<byte> FirstVersion => """{"version":1}"""u8;

    /// <summary>Reads an experiment's metadata.</summary>
    /// <param name="utf8">The content of the file.</param>
    /// <exception cref="FormatException">It is not JSON, or lacks an id or a creation date, or is not what its checksum says; the message says where.</exception>
    public static ExperimentMetadata ReadExperiment(ReadOnlyMemory<byte> utf8) =>
        JsonTokens.ReadObject(utf8.Span, static (ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes) =>
            RequireWhole(bytes, new ExperimentReader().Read(ref reader, bytes)));

    /// <summary>Gives on what was read of a file that is what its checksum says, or has none.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    internal static T RequireWhole<T>(ReadOnlySpan<byte> utf8, T read) => !MetadataSeal.IsBroken(utf8) ? read : throw new FormatException(
        $"It is not what was written: its '{MetadataSeal.Name}' is another. If it was changed on purpose, delete that line with the comma before it.");

    /// <summary>Reads a checkpoint's entry.</summary>
    /// <exception cref="FormatException">It is not JSON, or lacks an id or a creation date.</exception>
    internal static Checkpoint ReadCheckpoint(ReadOnlyMemory<byte> utf8) =>
        JsonTokens.ReadObject(utf8.Span, static (ref Utf8JsonReader reader, ReadOnlySpan<byte> _) => new ExperimentReader().ReadCheckpoint(ref reader));

    /// <summary>The ids in a list of checkpoints' entries.</summary>
    internal static HashSet<string> ReadCheckpointIds(ReadOnlySpan<byte> list)
    {
        var ids = new HashSet<string>();
        var reader = new Utf8JsonReader(list, JsonTokens.Options);
        for (string? id = null; reader.Read();)
        {
            // Members of the entries themselves, not of what is in them; of an id that is there twice, the last counts.
            if (reader is { CurrentDepth: 2, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = JsonTokens.Text(ref reader, "id", isShared: false);
            }
            else if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.EndObject } && id is not null)
            {
                ids.Add(id);
                id = null;
            }
        }

        return ids;
    }

    /// <summary>The steps in a list of checkpoints' entries.</summary>
    internal static HashSet<long> ReadSteps(ReadOnlySpan<byte> list)
    {
        var steps = new HashSet<long>();
        var reader = new Utf8JsonReader(list, JsonTokens.Options);
        for (var step = 0L; reader.Read();)
        {
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.StartObject })
            {
                step = 0;
            }
            else if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.EndObject })
            {
                steps.Add(step);
            }
            else if (reader is { CurrentDepth: 2, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("step"u8))
            {
                reader.Read();
                step = JsonTokens.Integer(ref reader, "step");
            }
        }

        return steps;
    }

    /// <summary>Reads a heartbeat.</summary>
    /// <exception cref="FormatException">It is not a heartbeat.</exception>
    public static Heartbeat ReadHeartbeat(ReadOnlyMemory<byte> utf8) => JsonTokens.ReadObject(utf8.Span, ReadHeartbeat);

    /// <summary>Reads the version in <c>repository.json</c>.</summary>
    /// <exception cref="FormatException">It is not a specification.</exception>
    public static int ReadRepositoryVersion(ReadOnlyMemory<byte> utf8) =>
        // Every command reads it, and many need no reader of JSON otherwise.
        utf8.Span.SequenceEqual(FirstVersion) ? 1 : JsonTokens.ReadObject(utf8.Span, ReadRepositoryVersion);

    private static Heartbeat ReadHeartbeat(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var experimentId = "";
        Timestamp? last = null;
        string? beater = null;
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "experiment_id": experimentId = JsonTokens.Id(ref reader, key); break;
                case "last_heartbeat": last = JsonTokens.Time(ref reader, key); break;
                case ExtensionFormat.Key: beater = ReadBeater(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return experimentId.Length > 0 && last is { } time
            ? new Heartbeat(experimentId, time, beater)
            : throw new FormatException("The heartbeat lacks 'experiment_id' or 'last_heartbeat'.");
    }

    private static string? ReadBeater(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        JsonTokens.ExpectObject(ref reader, ExtensionFormat.Key);
        string? beater = null;
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            if (key == "beater")
            {
                beater = JsonTokens.Text(ref reader, key);
            }
            else
            {
                reader.Skip();
            }
        }

        return beater;
    }

    private static int ReadRepositoryVersion(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        long version = 0;
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            if (key == "version")
            {
                version = JsonTokens.Integer(ref reader, key);
            }
            else
            {
                reader.Skip();
            }
        }

        return version is > 0 and <= int.MaxValue
            ? (int)version
            : throw new FormatException("It lacks a 'version' of 1 or more.");
    }
}
