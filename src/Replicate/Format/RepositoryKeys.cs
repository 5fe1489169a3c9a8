namespace Replicate.Format;

/// <summary>The one place that knows where in a repository a thing lies.</summary>
public static class RepositoryKeys
{
    /// <summary>The specification of the repository.</summary>
    public const string Specification = "repository.json";

    /// <summary>The prefix of all experiments' metadata.</summary>
    public const string MetadataPrefix = "metadata/experiments/";

    /// <summary>The prefix of all heartbeats.</summary>
    public const string HeartbeatPrefix = "metadata/heartbeats/";

    private const string JsonExtension = ".json";
    private const string ArchiveExtension = ".tar.gz";

    /// <summary>The prefixes of all tarballs.</summary>
    public static IReadOnlyList<string> ArchivePrefixes { get; } = ["experiments/", "checkpoints/"];

    /// <summary>The prefixes of all that is in a repository beside its specification.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = [.. ArchivePrefixes, MetadataPrefix, HeartbeatPrefix];

    /// <summary>The metadata of an experiment.</summary>
    public static string Metadata(string experimentId) => MetadataPrefix + experimentId + JsonExtension;

    /// <summary>The heartbeat of an experiment.</summary>
    public static string Heartbeat(string experimentId) => HeartbeatPrefix + experimentId + JsonExtension;

    /// <summary>The tarball of the files saved when an experiment was created.</summary>
    public static string ExperimentArchive(string experimentId) => $"experiments/{experimentId}{ArchiveExtension}";

    /// <summary>The tarball of the files saved with a checkpoint.</summary>
    public static string CheckpointArchive(string checkpointId) => $"checkpoints/{checkpointId}{ArchiveExtension}";

    /// <summary>Where a file is moved that is in the way of a repair.</summary>
    public static string Aside(DateTime utc, string key) => $"aside/{utc:yyyyMMdd'T'HHmmss'Z'}/{key}";

    /// <summary>The tarballs that an experiment's metadata tells of: those of what was saved with a path.</summary>
    public static IReadOnlyList<string> ArchivesOf(ExperimentMetadata experiment) =>
    [
        .. experiment.Path.Length > 0 ? [ExperimentArchive(experiment.Id)] : Array.Empty<string>(),
        .. experiment.Checkpoints.Where(checkpoint => checkpoint.Path.Length > 0).Select(checkpoint => CheckpointArchive(checkpoint.Id)),
    ];

    /// <summary>The id in the key of a metadata file or heartbeat; null for another key below the prefix.</summary>
    public static string? IdOf(string key, string prefix) => IdBetween(key, prefix, JsonExtension);

    /// <summary>The id in the key of a tarball; null for another key.</summary>
    public static string? IdOfArchive(string key) =>
        ArchivePrefixes.Select(prefix => IdBetween(key, prefix, ArchiveExtension)).FirstOrDefault(id => id is not null);

    private static string? IdBetween(string key, string prefix, string extension)
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal) || !key.EndsWith(extension, StringComparison.Ordinal)
            || key.Length <= prefix.Length + extension.Length)
        {
            return null;
        }

        var id = key[prefix.Length..^extension.Length];
        return id.Contains('/') ? null : id;
    }
}
