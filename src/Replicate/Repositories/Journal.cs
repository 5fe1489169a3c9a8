using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Replicate.Metadata;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Repositories;

/// <summary>
/// The journals of a store: per experiment the checkpoints that its metadata may not have yet, a line each. Lines are added to
/// <c>journal/&lt;experiment id&gt;.jsonl</c>; who takes them up gives that another name first, so that what it reads
/// doesn't grow, and deletes it in the moment in which the metadata has it.
/// </summary>
internal sealed class Journal(IObjectStore store, IJournalStore journals)
{
    private const byte Newline = (byte)'\n';

    // Each unreadable line takes a hundred times as long as one of ours: no disk damages so many and no others.
    private const int MostDamaged = 10_000;
    private const int MostTold = 10;

    /// <summary>The order of keys: closed journals are older.</summary>
    private static readonly Comparer<string> OldestFirst = Comparer<string>.Create(
        (left, right) => IsClosed(left) == IsClosed(right) ? string.CompareOrdinal(left, right) : IsClosed(left) ? -1 : 1);

    /// <summary>The journals of a store; null where it can't keep any.</summary>
    internal static Journal? Of(IObjectStore store) => store.Capabilities.Journals is { } journals ? new Journal(store, journals) : null;

    /// <summary>Adds lines to the journal of an experiment; see <see cref="IJournalStore.TryAppendAsync"/>.</summary>
    internal Task<JournalPosition?> TryAppendAsync(
        string experimentId, ReadOnlyMemory<byte> lines, JournalPosition? after, Func<Task<bool>>? isWanted, CancellationToken cancellationToken) =>
        journals.TryAppendAsync(RepositoryKeys.Journal(experimentId), lines, after, isWanted, cancellationToken);

    /// <summary>
    /// Reads what was added to the experiments whose id begins with a prefix, oldest first. Read the metadata after it: what is
    /// closed or compacted meanwhile is then there twice, rather than nowhere.
    /// </summary>
    internal async Task<IReadOnlyList<JournalLine>> ReadAsync(string idPrefix, CancellationToken cancellationToken)
    {
        var read = new SortedDictionary<string, IReadOnlyList<JournalLine>>(OldestFirst);

        // What got its other name after it was listed, and before it was read, is listed under that the second time; it gets no third.
        for (var pass = 1; pass <= 2 && List(RepositoryKeys.JournalPrefix + idPrefix, cancellationToken) is { Count: > 0 } keys; pass++)
        {
            foreach (var key in keys.Where(key => !read.ContainsKey(key)))
            {
                read.Add(key, await ReadFileAsync(key, cancellationToken));
            }
        }

        return [.. read.Values.SelectMany(lines => lines)];
    }

    /// <summary>Reads each journal by itself.</summary>
    /// <returns>The keys with the lines of each, and how many of its lines can't be read.</returns>
    internal async IAsyncEnumerable<(string Key, IReadOnlyList<JournalLine> Lines, int Damaged)> InspectAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var key in List(RepositoryKeys.JournalPrefix, cancellationToken))
        {
            var damaged = new List<ReadOnlyMemory<byte>>();
            yield return (key, await ReadFileAsync(key, cancellationToken, damaged), damaged.Count);
        }
    }

    /// <summary>Reads what was added to an experiment, oldest first.</summary>
    internal async Task<IReadOnlyList<JournalLine>> ReadOneAsync(string experimentId, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(experimentId, cancellationToken)).Where(line => line.ExperimentId == experimentId)];

    /// <summary>Lets nothing be added any more to the journal that an experiment has now; what comes is added to another.</summary>
    /// <returns>The new key of what was there; null where nothing was.</returns>
    internal async Task<string?> CloseAsync(string experimentId, CancellationToken cancellationToken)
    {
        var closed = RepositoryKeys.ClosedJournal(experimentId, RandomNumberGenerator.GetHexString(16, lowercase: true));
        return await journals.TryRenameAsync(RepositoryKeys.Journal(experimentId), closed, cancellationToken) ? closed : null;
    }

    /// <summary>
    /// Makes durable what was added to an experiment, by whomever; what was compacted meanwhile is so in the metadata.
    /// </summary>
    /// <exception cref="ReplicateException">The disk failed or is full (<c>FlushFailed</c>).</exception>
    internal void Flush(string experimentId, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var keys = KeysOf(experimentId, cancellationToken);

            // What got its other name after it was listed is flushed under that.
            if (keys.All(journals.TryFlush) && KeysOf(experimentId, cancellationToken).All(keys.Contains))
            {
                return;
            }
        }
    }

    /// <summary>The keys of an experiment's closed journals.</summary>
    internal IReadOnlyList<string> ClosedKeys(string experimentId, CancellationToken cancellationToken) =>
        List(RepositoryKeys.JournalPrefix + experimentId, cancellationToken).FindAll(key =>
            RepositoryKeys.JournalOf(key) is { IsClosed: true } journal && journal.ExperimentId == experimentId);

    /// <summary>Reads the closed journals of an experiment.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="known">The keys of those that need not be read; null for none.</param>
    /// <returns>
    /// The keys of all, and the lines of those that were read, oldest first. Lines that can't be read are kept in another object.
    /// </returns>
    internal async Task<(IReadOnlyList<string> Keys, IReadOnlyList<JournalLine> Lines)> ReadClosedAsync(
        string experimentId, CancellationToken cancellationToken, IReadOnlyCollection<string>? known = null)
    {
        var keys = ClosedKeys(experimentId, cancellationToken);
        var lines = new List<JournalLine>();
        var damaged = new List<ReadOnlyMemory<byte>>();
        foreach (var key in keys.Where(key => known?.Contains(key) != true))
        {
            lines.AddRange(await ReadFileAsync(key, cancellationToken, damaged));
        }

        if (damaged.Count >= MostDamaged)
        {
            throw new ReplicateException(
                ErrorKind.InvalidData, ErrorIds.JournalDamaged,
                $"The journal of experiment {experimentId} in '{store.Url}' has {damaged.Count} lines that cannot be read, or more, and is left as it is.",
                "Look at it and move it away; what can be read of it is listed until then.");
        }

        if (damaged.Count > 0)
        {
            await journals.TryAppendAsync(
                RepositoryKeys.DamagedJournal(experimentId), damaged.SelectMany(line => line.ToArray()).ToArray(), null, null, cancellationToken);
        }

        return (keys, lines);
    }

    /// <summary>The keys of an experiment's journals, and of what could not be read of them.</summary>
    internal IReadOnlyList<string> KeysOf(string experimentId, CancellationToken cancellationToken) =>
        ListAll(RepositoryKeys.JournalPrefix + experimentId, cancellationToken).FindAll(
            key => RepositoryKeys.JournalOf(key)?.ExperimentId == experimentId || key == RepositoryKeys.DamagedJournal(experimentId));

    /// <summary>The ids of the experiments that have a journal.</summary>
    internal IReadOnlyList<string> Experiments(CancellationToken cancellationToken) =>
        [.. List(RepositoryKeys.JournalPrefix, cancellationToken).Select(key => RepositoryKeys.JournalOf(key)!.Value.ExperimentId).Distinct()];

    /// <summary>Reads what was added behind a place in one of an experiment's journals.</summary>
    /// <returns>What is there and the new end; null where the journal is no longer the one of that place.</returns>
    internal async Task<(IReadOnlyList<JournalLine> Lines, JournalPosition End)?> ReadTailAsync(
        string experimentId, string key, JournalPosition after, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(key, after.Length - after.LastLine.Length, cancellationToken: cancellationToken);
        if (stream is null)
        {
            return after.Length == 0 ? ([], after) : null;
        }

        using var read = new MemoryStream();
        await stream.CopyToAsync(read, cancellationToken);
        ReadOnlyMemory<byte> bytes = read.GetBuffer().AsMemory(0, (int)read.Length);
        if (!bytes.Span.StartsWith(after.LastLine.Span))
        {
            return null;
        }

        var added = bytes[after.LastLine.Length..(bytes.Span.LastIndexOf(Newline) + 1)];
        return added.IsEmpty ? ([], after)
            : (Parse(experimentId, key, added), new JournalPosition(after.Length + added.Length, JournalFile.LastLine(added)));
    }

    private List<string> List(string prefix, CancellationToken cancellationToken)
    {
        var keys = ListAll(prefix, cancellationToken).FindAll(key => RepositoryKeys.JournalOf(key) is not null);
        keys.Sort(OldestFirst);
        return keys;
    }

    private static bool IsClosed(string key) => RepositoryKeys.JournalOf(key)!.Value.IsClosed;

    private List<string> ListAll(string prefix, CancellationToken cancellationToken) =>
        [.. journals.List(prefix, cancellationToken).Select(info => info.Key)];

    /// <summary>Reads a journal that lies under another key.</summary>
    internal async Task<IReadOnlyList<JournalLine>> ReadFileAsync(string key, string experimentId, CancellationToken cancellationToken) =>
        await ReadFileAsync(key, experimentId, null, cancellationToken);

    private Task<IReadOnlyList<JournalLine>> ReadFileAsync(
        string key, CancellationToken cancellationToken, List<ReadOnlyMemory<byte>>? damaged = null) =>
        ReadFileAsync(key, RepositoryKeys.JournalOf(key)!.Value.ExperimentId, damaged, cancellationToken);

    private async Task<IReadOnlyList<JournalLine>> ReadFileAsync(
        string key, string experimentId, List<ReadOnlyMemory<byte>>? damaged, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
        if (stream is null)
        {
            return [];
        }

        // Not by the store's own reading of whole objects, which waits for one that does not grow.
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, cancellationToken);
        return Parse(experimentId, key, read.GetBuffer().AsMemory(0, (int)read.Length), damaged);
    }

    private List<JournalLine> Parse(
        string experimentId, string key, ReadOnlyMemory<byte> bytes, List<ReadOnlyMemory<byte>>? damaged = null)
    {
        var lines = new List<JournalLine>();
        var wrong = 0;
        for (var number = 1; !bytes.IsEmpty; number++)
        {
            if (wrong >= MostDamaged)
            {
                Log.Warn($"The rest of {key} in '{store.Url}' is passed over, because {wrong} of its lines cannot be read.");
                break;
            }

            var end = bytes.Span.IndexOf(Newline);
            if (end < 0)
            {
                Log.Verbose($"The last line of {key} in '{store.Url}' is passed over: it is not written to its end.");
                break;
            }

            try
            {
                var json = bytes[..end];
                lines.Add(new JournalLine(experimentId, key, json, MetadataReader.ReadCheckpoint(json)));
            }
            catch (FormatException exception)
            {
                damaged?.Add(bytes[..(end + 1)]);
                if (++wrong <= MostTold)
                {
                    Log.Warn(
                        $"Line {number} of {key} in '{store.Url}' is passed over because it cannot be read: {exception.Message}");
                }
            }

            bytes = bytes[(end + 1)..];
        }

        if (wrong is > MostTold and < MostDamaged)
        {
            Log.Warn($"In all, {wrong} lines of {key} are passed over.");
        }

        return lines;
    }
}
