using System.Runtime.CompilerServices;
using Replicate.Storage;

namespace Replicate.Repositories.Logs;

/// <summary>
/// Reads the log of an experiment in the order of time, whoever wrote to it, and goes on where it ended the last time. It holds no more
/// than a piece of each writer that wrote at the same time.
/// </summary>
/// <param name="experimentId">Whose log it is.</param>
/// <param name="stores">Where it lies: what waits on this machine first, then the repository.</param>
internal sealed class LogReader(string experimentId, IReadOnlyList<IObjectStore> stores)
{
    private const int MostWritersAtOnce = 64;

    /// <summary>How far the clock of a store may be from that of a writer.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromMinutes(5);

    private readonly Dictionary<LogKey, Delivered> _delivered = [];

    /// <summary>Reads what was not read before.</summary>
    /// <param name="withOpen">Whether lines that may still change are read, too; without them, they are read when they are whole.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async IAsyncEnumerable<LogLine> ReadAsync(bool withOpen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var writers = new Queue<IGrouping<string, Segment>>(
            (await ListAsync(cancellationToken)).Where(IsChanged).GroupBy(segment => segment.Key.Writer));
        var open = new PriorityQueue<IAsyncEnumerator<LogLine>, (DateTime Time, int Writer)>();
        try
        {
            for (var opened = 0; open.Count > 0 || writers.Count > 0;)
            {
                while (writers.Count > 0 && open.Count < MostWritersAtOnce
                    && (open.Count == 0 || writers.Peek().First().Key.Began <= open.Peek().Current.Time.ToUniversalTime()))
                {
                    await EnqueueAsync(ReadWriterAsync(writers.Dequeue(), withOpen, cancellationToken).GetAsyncEnumerator(cancellationToken), opened++);
                }

                if (open.TryDequeue(out var next, out var place))
                {
                    yield return next.Current;
                    await EnqueueAsync(next, place.Writer);
                }
            }
        }
        finally
        {
            while (open.TryDequeue(out var left, out _))
            {
                await left.DisposeAsync();
            }
        }

        async Task EnqueueAsync(IAsyncEnumerator<LogLine> lines, int writer)
        {
            if (await lines.MoveNextAsync())
            {
                open.Enqueue(lines, (lines.Current.Time, writer));
            }
            else
            {
                await lines.DisposeAsync();
            }
        }
    }

    /// <summary>Reads the last lines, and only the segments that have them; what comes before counts as read.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isWanted">Which lines count.</param>
    /// <param name="withOpen">Whether lines that may still change are read, too.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task<IReadOnlyList<LogLine>> ReadLastAsync(
        int count, Predicate<LogLine> isWanted, bool withOpen, CancellationToken cancellationToken)
    {
        var writers = (await ListAsync(cancellationToken)).GroupBy(segment => segment.Key.Writer)
            .OrderByDescending(writer => writer.Max(segment => segment.Info.LastModified ?? DateTime.MaxValue)).ToArray();
        var last = new List<LogLine>();
        foreach (var writer in writers)
        {
            var found = new List<LogLine>();
            foreach (var segment in writer.Reverse())
            {
                if (found.Count >= count || (last.Count >= count && segment.Info.LastModified + ClockError < last[0].Time.ToUniversalTime()))
                {
                    _delivered[segment.Key] = Delivered.All;
                    continue;
                }

                var ofSegment = new Queue<LogLine>();
                await foreach (var line in ReadSegmentAsync(segment, withOpen, cancellationToken))
                {
                    if (isWanted(line))
                    {
                        ofSegment.Enqueue(line);
                        if (ofSegment.Count > count)
                        {
                            ofSegment.Dequeue();
                        }
                    }
                }

                found.InsertRange(0, ofSegment);
            }

            last = [.. last.Concat(found).OrderBy(line => line.Time).TakeLast(count)];
        }

        return last;
    }

    private async IAsyncEnumerable<LogLine> ReadWriterAsync(
        IEnumerable<Segment> segments, bool withOpen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var segment in segments)
        {
            await foreach (var line in ReadSegmentAsync(segment, withOpen, cancellationToken))
            {
                yield return line;
            }
        }
    }

    private async IAsyncEnumerable<LogLine> ReadSegmentAsync(
        Segment segment, bool withOpen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = _delivered.GetValueOrDefault(segment.Key).Lines;
        var (lines, isOpen) = (0, false);
        await foreach (var line in new SegmentReader().ReadAsync(stores, segment.Key.Key, cancellationToken))
        {
            isOpen |= line.IsOpen;
            if (line.IsOpen ? withOpen : ++lines > before)
            {
                yield return line;
            }
        }

        _delivered[segment.Key] = new Delivered(Math.Max(lines, before), isOpen && !withOpen ? "" : segment.Stamp);
    }

    private bool IsChanged(Segment segment) =>
        !_delivered.TryGetValue(segment.Key, out var known) || (known.Lines < int.MaxValue && known.Stamp != segment.Stamp);

    /// <summary>Lists the segments, by writers in the order of their beginnings.</summary>
    private async Task<IReadOnlyList<Segment>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<LogKey, Segment>();
        foreach (var store in stores)
        {
            await foreach (var info in store.ListAsync(RepositoryKeys.LogsOf(experimentId), cancellationToken))
            {
                if (LogKey.Parse(info.Key) is { } key && key.ExperimentId == experimentId)
                {
                    found.TryAdd(key, new Segment(key, info));
                }
            }
        }

        return [.. found.Values.OrderBy(segment => segment.Key.Writer, StringComparer.Ordinal).ThenBy(segment => segment.Key.Number)];
    }

    private readonly record struct Segment(LogKey Key, ObjectInfo Info)
    {
        internal string Stamp => $"{Info.Version} {Info.Length}";
    }

    /// <param name="Lines">How many lines of the segment were read.</param>
    /// <param name="Stamp">What it was then.</param>
    private readonly record struct Delivered(int Lines, string Stamp)
    {
        internal static Delivered All { get; } = new(int.MaxValue, "");
    }
}
