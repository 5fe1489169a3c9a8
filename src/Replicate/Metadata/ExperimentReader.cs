using System.Text.Json;

namespace Replicate.Metadata;

/// <summary>Reads one experiment's metadata file straight to the model.</summary>
internal sealed class ExperimentReader
{
    private readonly ValueReader _values = new();

    internal ExperimentMetadata Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        string id = "", host = "", user = "", repository = "", command = "", path = "", pythonVersion = "", version = "";
        Timestamp? created = null;
        var parameters = ValueMap.Empty;
        var packages = ValueMap.Empty;
        var checkpoints = CheckpointList.Empty;
        ExperimentExtension? extension = null;
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "id": id = JsonTokens.Id(ref reader, key); break;
                case "created": created = JsonTokens.Time(ref reader, key); break;
                case "params": parameters = _values.ReadMap(ref reader, key); break;
                case "host": host = JsonTokens.Text(ref reader, key); break;
                case "user": user = JsonTokens.Text(ref reader, key); break;
                case "config": repository = ReadRepository(ref reader, key); break;
                case "command": command = JsonTokens.Text(ref reader, key); break;
                case "path": path = JsonTokens.Text(ref reader, key); break;
                case "python_version": pythonVersion = JsonTokens.Text(ref reader, key); break;
                case "python_packages": packages = ReadPackages(ref reader, utf8, key); break;
                case "checkpoints": checkpoints = ReadCheckpoints(ref reader, key); break;
                case "keepsake_version" or "replicate_version":
                    version = JsonTokens.Text(ref reader, key) is { Length: > 0 } text ? text : version;
                    break;
                case ExtensionFormat.Key: extension = ExtensionFormat.Read(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new ExperimentMetadata
        {
            Id = id.Length > 0 ? id : throw Lacks("The experiment", "id"),
            Created = created ?? throw Lacks("The experiment", "created"),
            Params = extension is null or { NullTexts: true } ? WithNullTexts(parameters) : parameters,
            Host = host,
            User = user,
            Repository = repository,
            Command = command,
            Path = path,
            PythonVersion = pythonVersion,
            PythonPackages = packages,
            Checkpoints = checkpoints,
            Version = version,
            Extension = extension,
        };
    }

    private CheckpointList ReadCheckpoints(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return CheckpointList.Empty;
        }

        JsonTokens.ExpectArray(ref reader, key);
        var checkpoints = new List<Checkpoint>();
        var isSorted = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            JsonTokens.ExpectObject(ref reader, key);
            var checkpoint = ReadCheckpoint(ref reader);
            isSorted &= checkpoints.Count == 0 || checkpoints[^1].CreatedAt <= checkpoint.CreatedAt;
            checkpoints.Add(checkpoint);
        }

        return checkpoints.Count == 0 ? CheckpointList.Empty
            : new CheckpointList(isSorted ? [.. checkpoints] : [.. checkpoints.OrderBy(checkpoint => checkpoint.CreatedAt)]);
    }

    internal Checkpoint ReadCheckpoint(ref Utf8JsonReader reader)
    {
        string id = "", path = "";
        PackedId? packedId = null;
        Timestamp? created = null;
        var metrics = ValueMap.Empty;
        long step = 0;
        PrimaryMetric? primaryMetric = null;
        var isOurs = false;
        var sha256 = "";
        IReadOnlyList<string> missing = [];
        var isCounted = false;
        while (JsonTokens.NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "id":
                    packedId = reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false } ? PackedId.TryPack(reader.ValueSpan) : null;
                    id = packedId is null ? JsonTokens.Id(ref reader, key) : "";
                    break;
                case "created": created = JsonTokens.Time(ref reader, key); break;
                case "metrics": metrics = _values.ReadMap(ref reader, key); break;
                case "step": step = JsonTokens.Integer(ref reader, key); break;
                case "path": path = JsonTokens.Text(ref reader, key); break;
                case "primary_metric": primaryMetric = ReadPrimaryMetric(ref reader, key); break;
                case ExtensionFormat.Key:
                    isOurs = reader.TokenType != JsonTokenType.Null;
                    (sha256, missing, isCounted) = ExtensionFormat.ReadCheckpoint(ref reader);
                    break;
                default: reader.Skip(); break;
            }
        }

        if (packedId is null && id.Length == 0)
        {
            throw Lacks("A checkpoint", "id");
        }

        return new Checkpoint
        {
            Id = id,
            PackedId = packedId,
            CreatedAt = created ?? throw Lacks($"The checkpoint '{packedId?.ToString() ?? id}'", "created"),
            Metrics = isOurs ? metrics : WithNullTexts(metrics),
            Step = step,
            Path = path,
            PrimaryMetric = primaryMetric,
            Sha256 = sha256,
            MissingFiles = missing,
            IsCounted = isCounted,
        };
    }

    private static PrimaryMetric? ReadPrimaryMetric(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        JsonTokens.ExpectObject(ref reader, key);
        string name = "", goal = "";
        while (JsonTokens.NextKey(ref reader) is { } member)
        {
            switch (member)
            {
                case "name": name = JsonTokens.Text(ref reader, member); break;
                case "goal": goal = JsonTokens.Text(ref reader, member); break;
                default: reader.Skip(); break;
            }
        }

        return name.Length == 0 ? null : SharedText.Metric(name, GoalOf(goal));
    }

    // The original takes everything that is not its 'maximize' for minimize.
    private static Goal GoalOf(string text) =>
        string.Equals(text, "maximize", StringComparison.OrdinalIgnoreCase) ? Goal.Maximize : Goal.Minimize;

    private static string ReadRepository(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return "";
        }

        JsonTokens.ExpectObject(ref reader, key);
        string repository = "", storage = "";
        while (JsonTokens.NextKey(ref reader) is { } member)
        {
            switch (member)
            {
                case "repository": repository = JsonTokens.Text(ref reader, member); break;
                case "storage": storage = JsonTokens.Text(ref reader, member); break;
                default: reader.Skip(); break;
            }
        }

        return repository.Length > 0 ? repository : storage;
    }

    // Hundreds of packages are the same in most files: equal JSON is read once.
    private static ValueMap ReadPackages(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return ValueMap.Empty;
        }

        JsonTokens.ExpectObject(ref reader, key);
        var mark = JsonTokens.MarkLength(utf8);
        var start = mark + (int)reader.TokenStartIndex;
        reader.Skip();
        return SharedText.Map(utf8[start..(mark + (int)reader.BytesConsumed)], ValueReader.ParseMap);
    }

    // The original cannot tell these texts from null: in what it wrote they mean null.
    private static ValueMap WithNullTexts(ValueMap map) => map.WithNulls(value => value is "null" or "None");

    private static FormatException Lacks(string what, string key) => new($"{what} lacks '{key}'.");
}
