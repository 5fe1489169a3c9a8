namespace Replicate.Format;

/// <summary>The one place that writes the JSON of a repository, byte for byte as the original does.</summary>
public static class MetadataWriter
{
    /// <summary>A new experiment's metadata file, our own key included.</summary>
    public static byte[] WriteExperiment(ExperimentMetadata experiment) => throw new NotImplementedException();

    /// <summary>A heartbeat.</summary>
    public static byte[] WriteHeartbeat(Heartbeat heartbeat) => throw new NotImplementedException();

    /// <summary><c>repository.json</c> of a version.</summary>
    public static byte[] WriteRepositoryVersion(int version) => throw new NotImplementedException();
}
