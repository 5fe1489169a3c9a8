using System.IO.Compression;
using System.Runtime.CompilerServices;
using Replicate.Storage;

namespace Replicate.Repositories.Logs;

/// <summary>
/// Reads the lines of one segment. What expands to more than any writer writes, or is damaged, is told of in a note where it is, and the
/// rest is passed over; what a process was writing when it was killed just ends.
/// </summary>
internal sealed class SegmentReader
{
    /// <summary>How many bytes of text a segment may expand to: more than twice of what the longest has.</summary>
    internal const int MaxText = 1 << 24;

    private const int BufferLength = 1 << 16;

    // What isn't text is replaced by what is longer.
    private const int MaxLine = 4 * LogText.MaxText;

    /// <summary>What was wrong with what was read; empty for nothing.</summary>
    internal string Damage { get; private set; } = "";

    /// <summary>Reads the lines of a segment, in order; none where it isn't there.</summary>
    /// <param name="stores">Where it may lie; the first that has it is read.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async IAsyncEnumerable<LogLine> ReadAsync(
        IReadOnlyList<IObjectStore> stores, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream? found = null;
        for (var i = 0; i < stores.Count && found is null; i++)
        {
            found = await stores[i].OpenReadAsync(key, cancellationToken: cancellationToken);
        }

        if (found is null)
        {
            yield break;
        }

        await using var compressed = found;
        await using var text = new GZipStream(compressed, CompressionMode.Decompress);
        var buffer = new byte[BufferLength];
        var (start, end, total, before, isCut) = (0, 0, 0L, DateTime.UnixEpoch, false);
        while (await ReadAsync(text, buffer.AsMemory(end), cancellationToken) is > 0 and var count)
        {
            total += count;
            end += count;
            if (total > MaxText)
            {
                Damage = $"It expands to more than {MaxText >> 20} MB";
                break;
            }

            while (buffer.AsSpan(start, end - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                if (!isCut)
                {
                    var line = LogText.Read(buffer.AsSpan(start, length), before);
                    before = line.Time.ToUniversalTime();
                    yield return line;
                }

                isCut = false;
                start += length + 1;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            else if (end == buffer.Length && end < MaxLine)
            {
                Array.Resize(ref buffer, MaxLine);
            }
            else if (end == buffer.Length)
            {
                // Longer than any that is written: its beginning is a line, and the rest is passed over.
                if (!isCut)
                {
                    yield return LogText.Read(buffer, before);
                }

                (isCut, end) = (true, 0);
            }
        }

        if (Damage.Length > 0)
        {
            yield return new LogLine
            {
                Time = before.ToLocalTime(), Stream = LogStream.Note, Text = $"What follows in {key} is not shown: {char.ToLowerInvariant(Damage[0])}{Damage[1..]}.",
            };
        }
    }

    private async Task<int> ReadAsync(GZipStream text, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await text.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // One that is being written, or whose writer was killed, just ends: this is not what was written.
            Damage = "It is damaged";
            return 0;
        }
    }
}
