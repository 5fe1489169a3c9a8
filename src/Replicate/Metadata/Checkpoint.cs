using Replicate.Metadata;

namespace Replicate;

/// <summary>One version of the outputs within an experiment: metrics, and files where a path was given.</summary>
public sealed class Checkpoint
{
    private readonly PackedId _packedId;
    private readonly string? _otherId;
    private ICheckpointOwner? _owner;

    /// <summary>64 lower-case hex digits; other lengths where another program wrote them.</summary>
    public required string Id
    {
        get => _otherId ?? _packedId.ToString();
        init => PackedId = Replicate.PackedId.TryPack(_otherId = value);
    }

    /// <summary>The id as a reader has it, after <see cref="Id"/>; null for one that does not pack.</summary>
    internal PackedId? PackedId
    {
        get => _otherId is null ? _packedId : null;
        init
        {
            if (value is { } packed)
            {
                (_packedId, _otherId) = (packed, null);
            }
        }
    }

    /// <summary>The first 7 characters of the id.</summary>
    public string ShortId => _otherId is null ? _packedId.ToShortString() : ShortIds.Of(_otherId);

    /// <summary>When it was created, as a local date.</summary>
    public DateTime Created => CreatedAt.Local;

    /// <summary>When it was created, as the file tells, to the nanosecond.</summary>
    public Timestamp CreatedAt { get; init; }

    /// <summary>The training step; counts up from 0 where none was given.</summary>
    public long Step { get; init; }

    /// <summary>
    /// Whether its step counts up from the last one's and may still change, because it waits to be sent: others may have taken the step
    /// before it comes.
    /// </summary>
    internal bool IsCounted { get; init; }

    /// <summary>The metrics by name. Not null.</summary>
    public ValueMap Metrics { get; init; } = ValueMap.Empty;

    /// <summary>The path that was saved, relative to the project directory, as it was given; empty for metrics alone.</summary>
    public string Path { get; init; } = "";

    /// <summary>The SHA-256 of the tarball of its files, as 64 lower-case hex digits; empty where that isn't recorded.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>
    /// The files that its step wrote and that could not be saved whole, relative to the project directory, with <c>/</c>; empty
    /// where all were, and where the step wrote none.
    /// </summary>
    public IReadOnlyList<string> MissingFiles { get; init; } = [];

    /// <summary>Whether it has files of its own.</summary>
    public bool HasFiles => Path.Length > 0;

    /// <summary>
    /// <see cref="Path"/> as a view shows it, with what could not be saved of it: <c>model.pth</c>, or
    /// <c>(not saved: model.pth)</c>.
    /// </summary>
    public string PathText => MissingFiles.Count == 0 ? Path : $"{Path} (not saved: {string.Join(", ", MissingFiles)})".TrimStart();

    /// <summary>
    /// What to know before its files are relied on: that it has none of its own, or not all, though its step wrote them or
    /// other checkpoints of the experiment have some. Empty where nothing is to be said.
    /// </summary>
    /// <param name="rank">What it is, such as <c>best</c>, to be said with it; empty for nothing.</param>
    public string FilesWarning(string rank = "") => Replicate.Metadata.FilesWarning.Of(this, rank);

    /// <summary>The primary metric it names, or null.</summary>
    public PrimaryMetric? PrimaryMetric { get; init; }

    /// <summary>The experiment it belongs to.</summary>
    internal ICheckpointOwner Owner => _owner ?? throw new InvalidOperationException("The checkpoint has no experiment yet.");

    /// <summary>The short id and step, as in <c>1eeef58 (step 3)</c>.</summary>
    public override string ToString() => $"{ShortId} (step {Step})";

    internal Checkpoint WithSha256(string sha256) => With(Step, sha256);

    /// <summary>The same, told to lack what was to be saved with it.</summary>
    internal Checkpoint WithoutFiles() => new()
    {
        Id = Id, CreatedAt = CreatedAt, Metrics = Metrics, Step = Step, IsCounted = IsCounted, PrimaryMetric = PrimaryMetric,
        MissingFiles = [.. MissingFiles.Append(Path)],
    };

    internal Checkpoint WithStep(long step) => With(step, Sha256);

    internal void BelongTo(ICheckpointOwner owner) => _owner = owner;

    private Checkpoint With(long step, string sha256) => new()
    {
        Id = Id, CreatedAt = CreatedAt, Metrics = Metrics, Step = step, IsCounted = IsCounted, Path = Path, PrimaryMetric = PrimaryMetric,
        Sha256 = sha256, MissingFiles = MissingFiles,
    };
}
