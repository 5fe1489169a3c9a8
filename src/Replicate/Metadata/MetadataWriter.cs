namespace Replicate.Metadata;

/// <summary>The one place that writes the JSON of a repository, byte for byte as the original does.</summary>
internal static class MetadataWriter
{
    internal const int Indent = 1;

    /// <summary>A new experiment's metadata file, our own key included.</summary>
    public static byte[] WriteExperiment(ExperimentMetadata experiment)
    {
        var json = new JsonTextWriter(Indent);
        json.BeginObject();
        WriteHead(json, experiment, OrNull(experiment.Params));
        json.Name("checkpoints");
        WriteList(json, experiment.Checkpoints, WriteCheckpoint);
        json.Member("replicate_version", experiment.Version);
        json.Name(ExtensionFormat.Key);
        json.BeginObject();
        ExtensionFormat.WriteMembers(json, experiment.Extension ?? new ExperimentExtension());
        json.EndObject();
        json.EndObject();
        return json.ToBytes();
    }

    /// <summary>A heartbeat.</summary>
    public static byte[] WriteHeartbeat(Heartbeat heartbeat)
    {
        var json = new JsonTextWriter(Indent);
        json.BeginObject();
        json.Member("experiment_id", heartbeat.ExperimentId);
        json.Member("last_heartbeat", heartbeat.LastHeartbeat.ToString());
        if (heartbeat.Beater is { } beater)
        {
            json.Name(ExtensionFormat.Key);
            json.BeginObject();
            json.Member("beater", beater);
            json.EndObject();
        }

        json.EndObject();
        return json.ToBytes();
    }

    /// <summary><c>repository.json</c> of a version.</summary>
    public static byte[] WriteRepositoryVersion(int version)
    {
        var json = new JsonTextWriter(indent: 0);
        json.BeginObject();
        json.Member("version", (long)version);
        json.EndObject();
        return json.ToBytes();
    }

    /// <summary>A checkpoint's entry, our own key included.</summary>
    internal static void WriteCheckpoint(JsonTextWriter json, Checkpoint checkpoint) => WriteCheckpoint(json, checkpoint, isWaiting: false);

    /// <inheritdoc cref="WriteCheckpoint(JsonTextWriter, Checkpoint)"/>
    /// <param name="json">Gets it.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="isWaiting">Whether it waits to be sent, so that its step may change.</param>
    internal static void WriteCheckpoint(JsonTextWriter json, Checkpoint checkpoint, bool isWaiting)
    {
        json.BeginObject();
        WriteMembers(json, checkpoint, OrNull(checkpoint.Metrics));
        ExtensionFormat.WriteCheckpoint(json, checkpoint, isWaiting);
        json.EndObject();
    }

    /// <summary>The keys of an experiment before its checkpoints.</summary>
    internal static void WriteHead(JsonTextWriter json, ExperimentMetadata experiment, ValueMap? parameters)
    {
        json.Member("id", experiment.Id);
        json.Member("created", experiment.Created.ToString());
        json.Member("params", parameters);
        json.Member("host", experiment.Host);
        json.Member("user", experiment.User);
        json.Name("config");
        json.BeginObject();
        json.Member("repository", experiment.Repository);
        json.Member("storage", "");
        json.EndObject();
        json.Member("command", experiment.Command);
        json.Member("path", experiment.Path);
        json.Member("python_version", experiment.PythonVersion);
        json.Member("python_packages", OrNull(experiment.PythonPackages));
    }

    /// <summary>The keys of a checkpoint that the original knows.</summary>
    internal static void WriteMembers(JsonTextWriter json, Checkpoint checkpoint, ValueMap? metrics)
    {
        if (checkpoint.PackedId is { } id)
        {
            json.Member("id"u8, id);
        }
        else
        {
            json.Member("id"u8, checkpoint.Id);
        }

        json.Member("created"u8, checkpoint.CreatedAt);
        json.Member("metrics"u8, metrics);
        json.Member("step"u8, checkpoint.Step);
        json.Member("path"u8, checkpoint.Path);
        json.Name("primary_metric"u8);
        if (checkpoint.PrimaryMetric is { } metric)
        {
            json.BeginObject();
            json.Member("name"u8, metric.Name);
            json.Member("goal"u8, metric.Goal.ToText());
            json.EndObject();
        }
        else
        {
            json.Value(null);
        }
    }

    /// <summary>A list of checkpoints; null for none.</summary>
    internal static void WriteList(JsonTextWriter json, CheckpointList checkpoints, Action<JsonTextWriter, Checkpoint> write)
    {
        if (checkpoints.Count == 0)
        {
            json.Value(null);
            return;
        }

        json.BeginArray();
        foreach (var checkpoint in checkpoints)
        {
            write(json, checkpoint);
        }

        json.EndArray();
    }

    private static ValueMap? OrNull(ValueMap map) => map.Count == 0 ? null : map;
}
