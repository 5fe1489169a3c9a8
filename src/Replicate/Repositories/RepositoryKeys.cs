using System.Buffers;
using System.Globalization;

namespace Replicate.Repositories;

/// <summary>The one place that knows where in a repository a thing lies.</summary>
internal static class RepositoryKeys
{
    /// <summary>The specification of the repository.</summary>
    public const string Specification = "repository.json";

    /// <summary>The prefix of all experiments' metadata.</summary>
    public const string MetadataPrefix = "metadata/experiments/";

    /// <summary>The prefix of all heartbeats.</summary>
    public const string HeartbeatPrefix = "metadata/heartbeats/";

    /// <summary>The prefix of all journals: checkpoints that a metadata file may not have yet.</summary>
    public const string JournalPrefix = "journal/";

    /// <summary>The prefix of all logs: what runs wrote.</summary>
    public const string LogPrefix = "logs/";

    /// <summary>The prefix of what repairs moved out of the way.</summary>
    public const string AsidePrefix = "aside/";

    /// <summary>The prefix of the catalog's layers.</summary>
    public const string CatalogPrefix = "catalog/";

    /// <summary>The prefix of the names of checkpoints.</summary>
    public const string NamePrefix = "names/";

    private const string JsonExtension = ".json";
    private const string ArchiveExtension = ".tar.gz";
    private const string JournalExtension = ".jsonl";
    private const string DamagedExtension = ".damaged";
    private const string LayerExtension = ".layer";
    private const string RecentFormat = "yyyyMMdd'T'HHmm'Z'";
    private const int ClosedNameLength = 16;

    private static readonly TimeSpan RecentTime = TimeSpan.FromMinutes(15);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The prefixes of all tarballs.</summary>
    public static IReadOnlyList<string> ArchivePrefixes { get; } = ["experiments/", "checkpoints/"];

    /// <summary>The prefixes of all that is in a repository beside its specification.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = [.. ArchivePrefixes, MetadataPrefix, HeartbeatPrefix, JournalPrefix, LogPrefix, NamePrefix];

    /// <summary>The metadata of an experiment.</summary>
    public static string Metadata(string experimentId) => MetadataPrefix + experimentId + JsonExtension;

    /// <summary>The heartbeat of an experiment.</summary>
    public static string Heartbeat(string experimentId) => HeartbeatPrefix + experimentId + JsonExtension;

    /// <summary>What a name stands for; case doesn't count in names, and does in keys.</summary>
    public static string Name(string name) => NamePrefix + name.ToLowerInvariant() + JsonExtension;

    /// <summary>The journal of an experiment, which lines are added to.</summary>
    public static string Journal(string experimentId) => JournalPrefix + experimentId + JournalExtension;

    /// <summary>A journal of an experiment that is being compacted into its metadata; nothing is added to it any more.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="name">16 hex digits.</param>
    public static string ClosedJournal(string experimentId, string name) => $"{JournalPrefix}{experimentId}.{name}{JournalExtension}";

    /// <summary>The lines of an experiment's journals that could not be read when they were compacted.</summary>
    public static string DamagedJournal(string experimentId) => JournalPrefix + experimentId + DamagedExtension;

    /// <summary>Whether a key is that of lines which could not be read when they were compacted.</summary>
    public static bool IsDamagedJournal(string key) =>
        key.StartsWith(JournalPrefix, StringComparison.Ordinal) && key.EndsWith(DamagedExtension, StringComparison.Ordinal);

    /// <summary>Which experiment a journal is of, and whether it is a closed one; null for another key.</summary>
    public static (string ExperimentId, bool IsClosed)? JournalOf(string key)
    {
        if (!key.StartsWith(JournalPrefix, StringComparison.Ordinal) || !key.EndsWith(JournalExtension, StringComparison.Ordinal))
        {
            return null;
        }

        var name = key[JournalPrefix.Length..^JournalExtension.Length];
        var dot = name.Length - ClosedNameLength - 1;
        var isClosed = dot > 0 && name[dot] == '.' && !name.AsSpan(dot + 1).ContainsAnyExcept(HexDigits);
        var id = isClosed ? name[..dot] : name;
        return id.Length == 0 || id.Contains('/') ? null : (id, isClosed);
    }

    /// <summary>The tarball of the files saved when an experiment was created.</summary>
    public static string ExperimentArchive(string experimentId) => $"experiments/{experimentId}{ArchiveExtension}";

    /// <summary>The tarball of the files saved with a checkpoint.</summary>
    public static string CheckpointArchive(string checkpointId) => $"checkpoints/{checkpointId}{ArchiveExtension}";

    /// <summary>The prefix of all that an experiment's log consists of.</summary>
    public static string LogsOf(string experimentId) => $"{LogPrefix}{experimentId}/";

    /// <summary>Where a file is moved that is in the way of a repair.</summary>
    public static string Aside(DateTime utc, string key) => $"{AsidePrefix}{utc:yyyyMMdd'T'HHmmss.fff'Z'}/{key}";

    /// <summary>The key that a file had which was moved aside; null for another key.</summary>
    public static string? OriginalOf(string asideKey)
    {
        var slash = asideKey.StartsWith(AsidePrefix, StringComparison.Ordinal) ? asideKey.IndexOf('/', AsidePrefix.Length) : -1;
        return slash < 0 || slash == asideKey.Length - 1 ? null : asideKey[(slash + 1)..];
    }

    /// <summary>A layer of the catalog, which nobody changes once it is there.</summary>
    /// <param name="name">16 hex digits.</param>
    /// <param name="count">How many entries it has.</param>
    public static string CatalogLayer(string name, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{CatalogPrefix}{name}.{count}{LayerExtension}");

    /// <summary>The layer of the catalog that gets the experiments which end in a quarter of an hour.</summary>
    public static string RecentLayer(DateTime utc) => string.Create(
        CultureInfo.InvariantCulture, $"{CatalogPrefix}{new DateTime(utc.Ticks - (utc.Ticks % RecentTime.Ticks)).ToString(RecentFormat, CultureInfo.InvariantCulture)}{LayerExtension}");

    /// <summary>How many entries a layer of the catalog has, as its key says, 0 where it doesn't; null for another key.</summary>
    public static int? EntriesOf(string key)
    {
        if (!key.StartsWith(CatalogPrefix, StringComparison.Ordinal) || !key.EndsWith(LayerExtension, StringComparison.Ordinal))
        {
            return null;
        }

        var name = key.AsSpan(CatalogPrefix.Length, key.Length - CatalogPrefix.Length - LayerExtension.Length);
        return DateTime.TryParseExact(name, RecentFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? 0
            : name.Length > ClosedNameLength && name[ClosedNameLength] == '.' && !name[..ClosedNameLength].ContainsAnyExcept(HexDigits)
                && int.TryParse(name[(ClosedNameLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
            : null;
    }

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
