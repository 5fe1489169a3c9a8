namespace Replicate.Format;

/// <summary>The one place that reads the JSON of a repository.</summary>
public static class MetadataReader
{
    /// <summary>Reads an experiment's metadata.</summary>
    /// <param name="utf8">The content of the file.</param>
    /// <exception cref="FormatException">It is not JSON, or lacks an id or a creation date; the message says where.</exception>
    public static ExperimentMetadata ReadExperiment(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();

    /// <summary>Reads a heartbeat.</summary>
    /// <exception cref="FormatException">It is not a heartbeat.</exception>
    public static Heartbeat ReadHeartbeat(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();

    /// <summary>Reads the version in <c>repository.json</c>.</summary>
    /// <exception cref="FormatException">It is not a specification.</exception>
    public static int ReadRepositoryVersion(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();
}
