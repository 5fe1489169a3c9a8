using Replicate.Metadata;

namespace Replicate.Repositories.Cache;

/// <summary>The checkpoints of one experiment in packed form: each is made when it is asked for.</summary>
/// <remarks>A table of places comes first, then one checkpoint after the other.</remarks>
internal sealed class PackedCheckpoints : ICheckpointSource
{
    private const string HexDigits = "0123456789abcdef";
    private const int DigitsOfPart = 16;
    private const int BitsOfDigit = 4;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly PackedTables _tables;
    private readonly Action? _damaged;
    private readonly int _places;

    private PackedCheckpoints(int count, ReadOnlyMemory<byte> bytes, ref PackedReader reader, Action? damaged)
    {
        (Count, _bytes, _tables, _damaged) = (count, bytes[^reader.Length..], reader.Tables, damaged);
        PrimaryMetric = reader.Metric();
        Best = reader.Integer() is var best && best >= CheckpointList.UnknownBest && best < count ? (int)best : throw PackedReader.Damage();
        _places = reader.Position;
        if (count > (reader.Length - _places) / sizeof(int))
        {
            throw PackedReader.Damage();
        }
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public PrimaryMetric? PrimaryMetric { get; }

    /// <inheritdoc/>
    public int Best { get; }

    /// <inheritdoc/>
    public bool HasHiddenText => _tables.HaveHiddenText;

    /// <summary>Writes checkpoints as the last of what is packed.</summary>
    internal static void Write(PackedWriter writer, CheckpointList checkpoints)
    {
        writer.Count(checkpoints.Count);
        if (checkpoints.Count == 0)
        {
            return;
        }

        // Which is best takes a warning where they do not agree on the metric: that is left to who asks.
        var best = BestCheckpoint.Find(checkpoints, out var other);
        writer.Metric(checkpoints.PrimaryMetric);
        writer.Integer(other is null ? best : CheckpointList.UnknownBest);
        var places = writer.Position;
        writer.Reserve(checkpoints.Count);
        for (var i = 0; i < checkpoints.Count; i++)
        {
            writer.Mark(places, i);
            Write(writer, checkpoints[i]);
        }
    }

    /// <summary>Takes checkpoints to be read later.</summary>
    /// <param name="bytes">All that the reader reads.</param>
    /// <param name="reader">A reader that has come to the checkpoints.</param>
    /// <param name="damaged">Told when one of them can't be read.</param>
    internal static CheckpointList Read(ReadOnlyMemory<byte> bytes, ref PackedReader reader, Action? damaged) =>
        reader.Count() is not 0 and var count ? new(new PackedCheckpoints(count, bytes, ref reader, damaged)) : CheckpointList.Empty;

    /// <inheritdoc/>
    public Checkpoint Read(int index) => Checked(static (checkpoints, index, _) => checkpoints.ReadAt(index), index, "");

    /// <inheritdoc/>
    public bool HasIdPrefix(int index, string prefix) =>
        Checked(static (checkpoints, index, prefix) => checkpoints.HasIdPrefixAt(index, prefix), index, prefix);

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames(int index) => Checked(static (checkpoints, index, _) => checkpoints.MetricNamesAt(index), index, "");

    private Checkpoint ReadAt(int index)
    {
        var reader = ReaderAt(index);
        PackedId? packed = reader.Flag() ? ReadId(ref reader) : null;
        return new Checkpoint
        {
            Id = packed is null ? reader.UniqueText() : "",
            PackedId = packed,
            Metrics = reader.Map(),
            CreatedAt = reader.Time(),
            Step = reader.Integer(),
            Path = reader.Text(),
            PrimaryMetric = reader.Metric(),
            Sha256 = reader.UniqueText(),
            MissingFiles = reader.TextList(),
        };
    }

    private bool HasIdPrefixAt(int index, string prefix)
    {
        var reader = ReaderAt(index);
        if (!reader.Flag())
        {
            return reader.UniqueText().StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        }

        // A hundred thousand are asked for the few that match: no text is made of them.
        var part = 0UL;
        for (var i = 0; i < prefix.Length; i++)
        {
            if (i % DigitsOfPart == 0)
            {
                if (i == PackedId.Length)
                {
                    return false;
                }

                part = reader.Bits();
            }

            if (HexDigits[(int)(part >> (64 - BitsOfDigit))] != char.ToLowerInvariant(prefix[i]))
            {
                return false;
            }

            part <<= BitsOfDigit;
        }

        return true;
    }

    private string[] MetricNamesAt(int index)
    {
        var reader = ReaderAt(index);
        _ = reader.Flag() ? ReadId(ref reader).First : (ulong)reader.Bytes(reader.Count()).Length;
        return reader.Names();
    }

    private static void Write(PackedWriter writer, Checkpoint checkpoint)
    {
        writer.Flag(checkpoint.PackedId is not null);
        if (checkpoint.PackedId is { } id)
        {
            writer.Bits(id.First);
            writer.Bits(id.Second);
            writer.Bits(id.Third);
            writer.Bits(id.Fourth);
        }
        else
        {
            writer.UniqueText(checkpoint.Id);
        }

        writer.Map(checkpoint.Metrics);
        writer.Time(checkpoint.CreatedAt);
        writer.Integer(checkpoint.Step);
        writer.Text(checkpoint.Path);
        writer.Metric(checkpoint.PrimaryMetric);
        writer.UniqueText(checkpoint.Sha256);
        writer.TextList(checkpoint.MissingFiles);
    }

    private static PackedId ReadId(ref PackedReader reader) => new(reader.Bits(), reader.Bits(), reader.Bits(), reader.Bits());

    /// <summary>An index whose checksum is right may have been made by somebody: then it goes, and the next command makes it anew.</summary>
    private T Checked<T>(Func<PackedCheckpoints, int, string, T> read, int index, string argument)
    {
        try
        {
            return read(this, index, argument);
        }
        catch (Exception e) when (IndexedFiles.IsDamage(e))
        {
            _damaged?.Invoke();
            throw new ReplicateException(
                ErrorKind.InvalidData, "IndexDamaged",
                $"What this machine remembers of the repository, in its index, is not what was written: checkpoint {index} of {Count} cannot be read.",
                "Try again: the index is made anew from the repository.", e);
        }
    }

    private PackedReader ReaderAt(int index)
    {
        var reader = new PackedReader(_bytes.Span, _tables);
        reader.Seek(reader.Place(_places, index));
        return reader;
    }
}
