namespace Replicate.Metadata;

/// <summary>A checkpoint that was added to an experiment whose metadata file may not have it yet.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="Key">The object that holds the line.</param>
/// <param name="Json">Its entry as it is going to be in the metadata file, on one line.</param>
/// <param name="Checkpoint">What the entry says.</param>
internal sealed record JournalLine(string ExperimentId, string Key, ReadOnlyMemory<byte> Json, Checkpoint Checkpoint)
{
    /// <summary>The lines for checkpoints that wait to be sent, each with its newline; they tell whose step may change.</summary>
    internal static byte[] WriteWaiting(IEnumerable<Checkpoint> checkpoints)
    {
        var json = new JsonTextWriter(indent: 0);
        Write(json, checkpoints, isWaiting: true);
        return json.ToBytes();
    }

    /// <summary>Writes the lines for checkpoints, each with its newline.</summary>
    /// <param name="json">A writer without indentation.</param>
    /// <param name="checkpoints">The checkpoints.</param>
    /// <param name="isWaiting">Whether they wait to be sent.</param>
    internal static void Write(JsonTextWriter json, IEnumerable<Checkpoint> checkpoints, bool isWaiting = false)
    {
        foreach (var checkpoint in checkpoints)
        {
            json.BeginLine();
            MetadataWriter.WriteCheckpoint(json, checkpoint, isWaiting);
            json.EndLine();
        }
    }

    /// <summary>Adds what was read from journals to what metadata files say; what is there already changes nothing.</summary>
    /// <param name="experiment">What the metadata file says.</param>
    /// <param name="checkpoints">What was added to it since, in the order of the lines.</param>
    internal static ExperimentMetadata Merge(ExperimentMetadata experiment, IEnumerable<Checkpoint> checkpoints)
    {
        HashSet<string>? present = null;
        var merged = experiment.Checkpoints;
        foreach (var checkpoint in checkpoints)
        {
            present ??= experiment.Checkpoints.Select(known => known.Id).ToHashSet();
            if (present.Add(checkpoint.Id))
            {
                merged = merged.Add(checkpoint);
            }
        }

        return ReferenceEquals(merged, experiment.Checkpoints) ? experiment : experiment with { Checkpoints = merged };
    }
}
