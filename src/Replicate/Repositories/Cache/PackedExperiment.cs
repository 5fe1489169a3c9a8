namespace Replicate.Repositories.Cache;

/// <summary>What a metadata file says, in a quarter of its size and read in a hundredth of the time.</summary>
/// <param name="bytes">All but what others may have in common.</param>
/// <param name="idDigits">What an <see cref="IdPrefixFilter"/> looks at.</param>
/// <param name="packages">The Python packages.</param>
/// <param name="environment">What <see cref="ExperimentExtension.Environment"/> says.</param>
internal sealed class PackedExperiment(
    ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> idDigits, SharedMap packages, SharedMap environment)
{
    /// <summary>All but what others may have in common, as <see cref="PackedWriter"/> writes it.</summary>
    internal ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>What an <see cref="IdPrefixFilter"/> looks at.</summary>
    internal ReadOnlyMemory<byte> IdDigits => idDigits;

    /// <summary>The Python packages.</summary>
    internal SharedMap Packages => packages;

    /// <summary>What <see cref="ExperimentExtension.Environment"/> says.</summary>
    internal SharedMap Environment => environment;

    /// <summary>Told when checkpoints that are read later turn out not to be what was written; null for nobody.</summary>
    internal Action? Damaged { get; init; }

    /// <summary>Packs metadata.</summary>
    /// <param name="metadata">What is packed.</param>
    /// <param name="writer">A writer that nobody else uses meanwhile.</param>
    /// <param name="share">Gives what stands for a map that others may have, too.</param>
    internal static PackedExperiment Pack(ExperimentMetadata metadata, PackedWriter writer, Func<ValueMap, SharedMap> share)
    {
        writer.UniqueText(metadata.Id);
        writer.Time(metadata.Created);
        writer.Map(metadata.Params);
        writer.Text(metadata.Host);
        writer.Text(metadata.User);
        writer.Text(metadata.Repository);
        writer.UniqueText(metadata.Command);
        writer.Text(metadata.Path);
        writer.Text(metadata.PythonVersion);
        writer.Text(metadata.Version);
        writer.Flag(metadata.Extension is not null);
        if (metadata.Extension is { } extension)
        {
            Write(writer, extension);
        }

        PackedCheckpoints.Write(writer, metadata.Checkpoints);
        return new PackedExperiment(
            writer.Take(), IdPrefixFilter.DigitsOf(metadata),
            share(metadata.PythonPackages), share(metadata.Extension?.Environment ?? ValueMap.Empty));
    }

    /// <summary>Reads the metadata; the checkpoints when they are asked for.</summary>
    /// <param name="id">An id that it may have, as the name of its file says.</param>
    internal ExperimentMetadata Read(string id)
    {
        var reader = new PackedReader(bytes.Span);
        return new ExperimentMetadata
        {
            Id = reader.UniqueText(id),
            Created = reader.Time(),
            Params = reader.Map(),
            Host = reader.Text(),
            User = reader.Text(),
            Repository = reader.Text(),
            Command = reader.UniqueText(),
            Path = reader.Text(),
            PythonVersion = reader.Text(),
            Version = reader.Text(),
            PythonPackages = packages.Map,
            Extension = reader.Flag() ? ReadExtension(ref reader) : null,
            Checkpoints = PackedCheckpoints.Read(bytes, ref reader, Damaged),
        };
    }

    private static void Write(PackedWriter writer, ExperimentExtension extension)
    {
        writer.Text(extension.Version);
        writer.Integer((int?)extension.Status ?? -1);
        Write(writer, extension.ExitCode);
        writer.UniqueText(extension.ErrorOutput);
        Write(writer, extension.Ended);
        Write(writer, extension.DetachedUntil);
        writer.Flag(extension.NoHeartbeat);
        writer.Map(extension.Git);
        writer.Map(extension.Build);
        writer.Text(extension.Parent);
        writer.Text(extension.ParentCheckpoint);
        Write(writer, extension.ParentStep);
        writer.Count(extension.Tags.Count);
        foreach (var tag in extension.Tags)
        {
            writer.Text(tag);
        }

        writer.UniqueText(extension.Note);
        writer.Flag(extension.NullTexts);
        writer.UniqueText(extension.Sha256);
    }

    private static void Write(PackedWriter writer, long? number)
    {
        writer.Flag(number is not null);
        writer.Integer(number ?? 0);
    }

    private static void Write(PackedWriter writer, Timestamp? time)
    {
        writer.Flag(time is not null);
        writer.Time(time ?? default);
    }

    private ExperimentExtension ReadExtension(ref PackedReader reader) => new()
    {
        Version = reader.Text(),
        Status = ReadStatus(ref reader),
        ExitCode = (int?)ReadInteger(ref reader),
        ErrorOutput = reader.UniqueText(),
        Ended = ReadTime(ref reader),
        DetachedUntil = ReadTime(ref reader),
        NoHeartbeat = reader.Flag(),
        Environment = environment.Map,
        Git = reader.Map(),
        Build = reader.Map(),
        Parent = reader.Text(),
        ParentCheckpoint = reader.Text(),
        ParentStep = ReadInteger(ref reader),
        Tags = ReadTags(ref reader),
        Note = reader.UniqueText(),
        NullTexts = reader.Flag(),
        Sha256 = reader.UniqueText(),
    };

    private static ExperimentStatus? ReadStatus(ref PackedReader reader) =>
        reader.Integer() switch
        {
            -1 => null,
            >= 0 and <= (long)ExperimentStatus.Lost and var status => (ExperimentStatus)status,
            _ => throw PackedReader.Damage(),
        };

    private static long? ReadInteger(ref PackedReader reader)
    {
        var isSet = reader.Flag();
        var number = reader.Integer();
        return isSet ? number : null;
    }

    private static Timestamp? ReadTime(ref PackedReader reader)
    {
        var isSet = reader.Flag();
        var time = reader.Time();
        return isSet ? time : null;
    }

    private static TagList ReadTags(ref PackedReader reader)
    {
        var tags = new string[reader.BoundedCount()];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = reader.Text();
        }

        return tags.Length == 0 ? TagList.Empty : TagList.From(tags);
    }
}
