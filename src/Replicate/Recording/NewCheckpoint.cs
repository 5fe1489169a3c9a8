using Replicate.Archives.Snapshots;

namespace Replicate.Recording;

/// <summary>A checkpoint on its way into the repository.</summary>
internal sealed class NewCheckpoint
{
    private readonly PackedId _id = Ids.New();

    /// <summary>64 lower-case hex digits.</summary>
    internal string Id => _id.ToString();

    /// <summary>When its metrics were read.</summary>
    internal Timestamp CreatedAt { get; init; } = Timestamp.Now;

    internal ValueMap Metrics { get; set; } = ValueMap.Empty;

    /// <summary>Its step; null for one after the last checkpoint's.</summary>
    internal long? Step { get; init; }

    internal PrimaryMetric? PrimaryMetric { get; init; }

    /// <summary>Its files, from where they wait to be saved; null for none.</summary>
    internal FileSnapshot? Files { get; set; }

    /// <summary>The path that was saved; empty until then, and for none.</summary>
    internal string Path { get; set; } = "";

    /// <summary>The names of files that its step wrote and that could not be saved whole.</summary>
    internal IReadOnlyList<string> MissingFiles { get; set; } = [];

    /// <summary>The SHA-256 of the tarball in lower-case hex digits; empty until it is written, and for none.</summary>
    internal string Sha256 { get; set; } = "";

    /// <summary>What the metadata says of it.</summary>
    /// <param name="step">The step that it gets.</param>
    internal Checkpoint ToCheckpoint(long step) => new()
    {
        Id = "", PackedId = _id, CreatedAt = CreatedAt, Metrics = Metrics, Step = step, IsCounted = Step is null, Path = Path, PrimaryMetric = PrimaryMetric,
        Sha256 = Sha256, MissingFiles = MissingFiles,
    };
}
