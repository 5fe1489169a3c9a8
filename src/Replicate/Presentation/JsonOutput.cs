using Replicate.Metadata;
using Replicate.Queries;

namespace Replicate.Presentation;

/// <summary>The JSON that a command prints: the keys and the layout of the original's, ours under a key of our own.</summary>
internal static class JsonOutput
{
    private const int Indent = 2;
    private const int FlushLength = 1 << 16;

    /// <summary>Writes what a list says of each experiment; as they come, without holding them all.</summary>
    public static void WriteList(Stream stream, IEnumerable<Experiment> experiments)
    {
        var json = new JsonTextWriter(Indent, escapesAllControls: true);
        json.BeginArray();
        foreach (var experiment in experiments)
        {
            WriteSummary(json, experiment);
            if (json.Length > FlushLength)
            {
                json.FlushTo(stream);
            }
        }

        json.EndArray();
        Finish(json, stream);
    }

    /// <summary>Writes an experiment with all of its checkpoints.</summary>
    public static void WriteExperiment(Stream stream, Experiment experiment)
    {
        var metadata = experiment.Metadata;
        var json = new JsonTextWriter(Indent, escapesAllControls: true);
        json.BeginObject();
        MetadataWriter.WriteHead(json, metadata, metadata.Params);
        json.Name("checkpoints");
        MetadataWriter.WriteList(json, metadata.Checkpoints, WriteCheckpoint);
        json.Member("keepsake_version", metadata.Version);
        if (metadata.Extension is { NullTexts: false })
        {
            // The original gives the release under both names where the file says replicate_version, as ours do.
            json.Member("replicate_version", metadata.Version);
        }

        WriteExtension(json, experiment);
        json.EndObject();
        Finish(json, stream);
    }

    /// <summary>Writes a checkpoint.</summary>
    public static void WriteCheckpoint(Stream stream, Checkpoint checkpoint)
    {
        var json = new JsonTextWriter(Indent, escapesAllControls: true);
        WriteCheckpoint(json, checkpoint);
        Finish(json, stream);
    }

    /// <summary>Writes how far sweeps are, each with the ids of its runs.</summary>
    public static void WriteSweeps(Stream stream, IEnumerable<Sweep> sweeps)
    {
        var json = new JsonTextWriter(Indent, escapesAllControls: true);
        json.BeginArray();
        foreach (var sweep in sweeps)
        {
            json.BeginObject();
            json.Member("name", sweep.Name);
            json.Member("started", Timestamp.From(sweep.Started).ToString());
            json.Member("count", (long)sweep.Count);
            json.Member("completed", (long)sweep.Completed);
            json.Member("stopped_early", (long)sweep.StoppedEarly);
            json.Member("failed", (long)sweep.Failed);
            json.Member("running", (long)sweep.Running);
            json.Member("left", (long)sweep.Left);
            json.Member("best", sweep.Best?.Id);
            json.Member("best_value", sweep.BestValue);
            json.Member("primary_metric", sweep.PrimaryMetric?.Name);
            json.Member("runs", new ValueList([.. sweep.Runs.Select(run => run.Id)]));
            json.EndObject();
        }

        json.EndArray();
        Finish(json, stream);
    }

    /// <summary>Writes names with what became of them.</summary>
    public static void WriteNames(Stream stream, IEnumerable<NamedCheckpoint> names)
    {
        var json = new JsonTextWriter(Indent, escapesAllControls: true);
        json.BeginArray();
        foreach (var named in names)
        {
            WriteName(json, named);
        }

        json.EndArray();
        Finish(json, stream);
    }

    /// <summary>Writes a name with what became of it.</summary>
    public static void WriteName(Stream stream, NamedCheckpoint named)
    {
        var json = new JsonTextWriter(Indent, escapesAllControls: true);
        WriteName(json, named);
        Finish(json, stream);
    }

    private static void WriteName(JsonTextWriter json, NamedCheckpoint named)
    {
        json.BeginObject();
        json.Member("name", named.Name);
        json.Member("checkpoint_id", named.Id);
        json.Member("experiment_id", named.ExperimentId);
        json.Member("protected", named.Protected);
        json.Member("exists", named.Checkpoint is not null);
        json.Name("history");
        json.BeginArray();
        foreach (var change in named.History)
        {
            json.BeginObject();
            NameFormat.WriteMembers(json, change);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }

    private static void WriteSummary(JsonTextWriter json, Experiment experiment)
    {
        json.BeginObject();
        json.Member("id", experiment.Id);
        json.Member("created", experiment.Metadata.Created.ToString());
        json.Member("params", experiment.Params);
        json.Member("command", experiment.Command);
        json.Member("num_checkpoints", (long)experiment.Checkpoints.Count);
        json.Name("latest_checkpoint");
        WriteCheckpoint(json, experiment.Latest());
        json.Name("best_checkpoint");
        WriteCheckpoint(json, experiment.Best());
        json.Member("user", experiment.User);
        json.Member("host", experiment.Host);
        json.Member("running", experiment.IsRunning);
        WriteExtension(json, experiment);
        json.EndObject();
    }

    private static void WriteCheckpoint(JsonTextWriter json, Checkpoint? checkpoint)
    {
        if (checkpoint is null)
        {
            json.Value(null);
            return;
        }

        json.BeginObject();
        MetadataWriter.WriteMembers(json, checkpoint, checkpoint.Metrics);
        json.EndObject();
    }

    private static void WriteExtension(JsonTextWriter json, Experiment experiment)
    {
        if (experiment.Metadata.Extension is { } extension)
        {
            json.Name(ExtensionFormat.Key);
            json.BeginObject();
            ExtensionFormat.WriteMembers(json, extension);
            json.EndObject();
        }
    }

    private static void Finish(JsonTextWriter json, Stream stream)
    {
        json.EndLine();
        json.FlushTo(stream);
        stream.Flush();
    }
}
