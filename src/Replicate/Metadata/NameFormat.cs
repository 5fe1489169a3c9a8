using System.Text.Json;

namespace Replicate.Metadata;

/// <summary>The JSON of a name's file.</summary>
internal static class NameFormat
{
    /// <summary>How long the file may be: with a history of long texts, less is kept of that.</summary>
    internal const int MaxLength = 1 << 18;

    /// <summary>How many changes are kept, the latest.</summary>
    internal const int MaxHistory = 100;

    /// <summary>How many characters a reason may have.</summary>
    internal const int MaxReason = 300;

    private const int MaxWho = 60;

    /// <summary>The file, with as much of the history as has room.</summary>
    internal static byte[] Write(NameRecord record)
    {
        for (var kept = MaxHistory; ; kept /= 2)
        {
            if (Write(record, record.History.TakeLast(kept)) is var file && (file.Length <= MaxLength || kept == 0))
            {
                return file;
            }
        }
    }

    private static byte[] Write(NameRecord record, IEnumerable<NameChange> history)
    {
        var json = new JsonTextWriter(MetadataWriter.Indent);
        json.BeginObject();
        json.Member("name", record.Name);
        json.Member("experiment_id", record.ExperimentId);
        json.Member("checkpoint_id", record.CheckpointId);
        json.Member("protected", record.IsProtected);
        json.Name("history");
        json.BeginArray();
        foreach (var change in history)
        {
            json.BeginObject();
            WriteMembers(json, change);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
        return json.ToBytes();
    }

    /// <summary>The members of a change.</summary>
    internal static void WriteMembers(JsonTextWriter json, NameChange change)
    {
        json.Member("when", change.At.ToString());
        json.Member("who", change.Who.Length > MaxWho ? change.Who[..MaxWho] : change.Who);
        json.Member("why", change.Why);
        json.Member("before", change.Before);
        json.Member("after", change.After);
    }

    /// <summary>What a file says.</summary>
    /// <exception cref="FormatException">It is too long, not JSON, or lacks what it has to say.</exception>
    internal static NameRecord Read(ReadOnlyMemory<byte> utf8) => utf8.Length > MaxLength
        ? throw TooLong(utf8.Length)
        : JsonTokens.ReadObject(utf8.Span, static (ref Utf8JsonReader reader, ReadOnlySpan<byte> _) => ReadRecord(ref reader));

    /// <summary>What is wrong with a file that is longer than any that is written.</summary>
    internal static FormatException TooLong(long length) => new($"It has {length} bytes, and a name's file at most {MaxLength}.");

    private static NameRecord ReadRecord(ref Utf8JsonReader reader)
    {
        var (name, experiment, checkpoint, isProtected) = ("", "", "", false);
        var history = new List<NameChange>();
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "name": name = JsonTokens.Id(ref reader, key); break;
                case "experiment_id": experiment = JsonTokens.Id(ref reader, key); break;
                case "checkpoint_id": checkpoint = JsonTokens.Id(ref reader, key); break;
                case "protected": isProtected = JsonTokens.Flag(ref reader, key); break;
                case "history": ReadHistory(ref reader, history); break;
                default: reader.Skip(); break;
            }
        }

        return name.Length == 0 ? throw new FormatException("It lacks the name.")
            : experiment.Length == 0 && checkpoint.Length > 0 ? throw new FormatException("It lacks the experiment of the checkpoint.")
            : new NameRecord(name, experiment, checkpoint, isProtected, [.. history.TakeLast(MaxHistory)]);
    }

    private static void ReadHistory(ref Utf8JsonReader reader, List<NameChange> history)
    {
        JsonTokens.ExpectArray(ref reader, "history");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            JsonTokens.ExpectObject(ref reader, "history");
            history.Add(ReadChange(ref reader));
        }
    }

    private static NameChange ReadChange(ref Utf8JsonReader reader)
    {
        var (who, why, before, after) = ("", "", "", "");
        Timestamp? when = null;
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "when": when = JsonTokens.Time(ref reader, key); break;
                case "who": who = JsonTokens.Text(ref reader, key, isShared: false); break;
                case "why": why = JsonTokens.Text(ref reader, key, isShared: false); break;
                case "before": before = JsonTokens.Id(ref reader, key); break;
                case "after": after = JsonTokens.Id(ref reader, key); break;
                default: reader.Skip(); break;
            }
        }

        return new NameChange(when ?? throw new FormatException("A change of the name lacks its date.")) { Who = who, Why = why, Before = before, After = after };
    }
}
