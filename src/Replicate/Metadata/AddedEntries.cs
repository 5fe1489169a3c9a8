namespace Replicate.Metadata;

/// <summary>
/// Entries that come behind those of a metadata file. There may be a million of them: they are put into JSON on all cores while
/// they are written.
/// </summary>
/// <param name="lines">Entries that are JSON already.</param>
/// <param name="checkpoints">Those that come behind these.</param>
internal sealed class AddedEntries(IReadOnlyList<JournalLine> lines, IReadOnlyList<Checkpoint> checkpoints)
{
    private const int Depth = 2;
    private const int Piece = 2000;

    /// <summary>How many there are.</summary>
    internal int Count => lines.Count + checkpoints.Count;

    /// <summary>What they say, in their order.</summary>
    internal IEnumerable<Checkpoint> Checkpoints => lines.Select(line => line.Checkpoint).Concat(checkpoints);

    /// <summary>Those from a place on.</summary>
    internal AddedEntries From(int start) => new(
        [.. lines.Skip(start)], start <= lines.Count ? checkpoints : [.. checkpoints.Skip(start - lines.Count)]);

    /// <summary>Writes some as items of a list.</summary>
    internal void Write(JsonTextWriter json, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (i < lines.Count)
            {
                json.Copy(lines[i].Json.Span);
            }
            else
            {
                MetadataWriter.WriteCheckpoint(json, checkpoints[i - lines.Count]);
            }
        }
    }

    /// <summary>Writes all as they come behind the last entry of a file.</summary>
    internal async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var pieces = new Queue<Task<JsonTextWriter>>();
        var free = new Queue<JsonTextWriter>();
        for (var next = 0; next < Count || pieces.Count > 0;)
        {
            for (; next < Count && pieces.Count <= Environment.ProcessorCount; next += Piece)
            {
                var (start, end) = (next, Math.Min(next + Piece, Count));
                var writer = free.TryDequeue(out var used) ? used : new JsonTextWriter(MetadataWriter.Indent, Depth);
                pieces.Enqueue(Task.Run(() => WritePiece(writer, start, end), cancellationToken));
            }

            var json = await pieces.Dequeue();
            await json.FlushToAsync(stream, cancellationToken);
            free.Enqueue(json);
        }
    }

    private JsonTextWriter WritePiece(JsonTextWriter json, int start, int end)
    {
        json.GoOn();
        Write(json, start, end);
        return json;
    }
}
