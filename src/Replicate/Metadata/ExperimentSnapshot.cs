namespace Replicate.Metadata;

/// <summary>What a repository told of an experiment at one moment.</summary>
/// <param name="Metadata">What its metadata file says.</param>
/// <param name="Status">What became of it.</param>
/// <param name="IsPending">Whether something of it still waits on this machine.</param>
internal sealed record ExperimentSnapshot(ExperimentMetadata Metadata, ExperimentStatus Status, bool IsPending)
{
    /// <summary>The id of the experiment.</summary>
    internal string Id => Metadata.Id;

    /// <summary>The last sign of life that was there; null for none.</summary>
    internal Timestamp? LastHeartbeat { get; init; }

    /// <summary>What metadata and a heartbeat, or none, say now.</summary>
    internal static ExperimentSnapshot Of(ExperimentMetadata metadata, Heartbeat? heartbeat, bool isPending) =>
        new(metadata, StatusOf(metadata.Extension, heartbeat), isPending) { LastHeartbeat = heartbeat?.LastHeartbeat };

    private static ExperimentStatus StatusOf(ExperimentExtension? extension, Heartbeat? heartbeat)
    {
        // A heartbeat younger than the recorded end is that of a run that went on.
        if (heartbeat is { IsBeating: true } && !(extension?.Ended >= heartbeat.LastHeartbeat))
        {
            return ExperimentStatus.Running;
        }

        return extension?.Status
            ?? (extension?.DetachedUntil?.Utc > DateTime.UtcNow ? ExperimentStatus.Running
                : heartbeat is not null ? ExperimentStatus.Lost
                : ExperimentStatus.Stopped);
    }
}
