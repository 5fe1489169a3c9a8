using System.Globalization;
using System.IO.Compression;
using Replicate.Repositories.Logs;
using Replicate.Storage;

namespace Replicate.Recording.Output;

/// <summary>
/// Writes lines into the segments of a log, each a sequence of gzip members, so that a process that is killed loses what it did not flush. Of a
/// log that grows beyond its bound, head and tail stay: the segments between them go, and a note in the place of the first of them says
/// what they had. Not safe from several threads.
/// </summary>
/// <param name="store">Where the segments grow.</param>
/// <param name="experimentId">Whose log it is.</param>
/// <param name="maxText">How many bytes of lines are kept.</param>
internal sealed class SegmentWriter(IObjectStore store, string experimentId, long maxText)
{
    private const int ShortestSegment = 1 << 10;
    private const int LongestSegment = 1 << 22;

    /// <summary>How much text a member of a segment has at most; within it what is the same is written once.</summary>
    private const int LongestMember = 1 << 18;

    private readonly IGrowingObjects _growing = store.Capabilities.Growing!;
    private readonly long _segmentLength = Math.Clamp(maxText / 16, ShortestSegment, LongestSegment);
    private readonly Queue<Segment> _tail = [];
    private LogKey _key = new(experimentId, LogKey.NewWriter(DateTime.UtcNow), -1);
    private Stream? _file;
    private GZipStream? _member;
    private long _memberText;
    private long _openAt = -1;
    private Segment _current;
    private long _headText;
    private long _tailText;
    private Dropped? _dropped;

    /// <summary>How many bytes of lines are best written at once, at most.</summary>
    internal int BestLength => (int)Math.Min(_segmentLength / 4, LongestMember / 4);

    /// <summary>The name of this writer.</summary>
    internal string Writer => _key.Writer;

    /// <summary>The segment that is being written; null before the first line.</summary>
    internal LogKey? Current => _file is null ? null : _key;

    /// <summary>Told of a segment that was changed otherwise than by growing: it is whole now, or it is gone.</summary>
    internal Action<LogKey, bool>? Changed { get; init; }

    private bool IsHead => _headText < maxText / 2;

    /// <summary>Writes whole lines.</summary>
    /// <param name="lines">The lines, with their newlines.</param>
    /// <param name="count">How many they are.</param>
    internal void Write(ReadOnlySpan<byte> lines, int count)
    {
        if (_file is null || _current.Text >= _segmentLength)
        {
            CloseSegment();
            Begin();
        }

        DropOpen();
        _member ??= new GZipStream(_file!, CompressionLevel.Fastest, leaveOpen: true);
        _member.Write(lines);
        _current = _current with { Text = _current.Text + lines.Length, Lines = _current.Lines + count };
        _memberText += lines.Length;
        if (_memberText >= LongestMember)
        {
            EndMember();
        }
    }

    /// <summary>Hands what was written to the system.</summary>
    /// <param name="open">The lines that may still change, which are written over by what comes next; empty for none.</param>
    internal void Flush(ReadOnlySpan<byte> open)
    {
        if (open.IsEmpty && _openAt < 0)
        {
            _member?.Flush();
            return;
        }

        if (_file is null)
        {
            Begin();
        }

        EndMember();
        DropOpen();
        if (!open.IsEmpty)
        {
            _openAt = _file!.Position;
            using var member = new GZipStream(_file, CompressionLevel.Fastest, leaveOpen: true);
            member.Write(open);
        }
    }

    /// <summary>Ends the last segment.</summary>
    internal void Finish() => CloseSegment();

    private void Begin()
    {
        do
        {
            _key = _key with { Number = _key.Number + 1 };
            _file = _growing.TryCreate(_key.Key);
        }
        while (_file is null);

        _current = new Segment(_key, 0, 0);
    }

    private void CloseSegment()
    {
        if (_file is null)
        {
            return;
        }

        EndMember();
        DropOpen();
        _file.Dispose();
        _file = null;
        Changed?.Invoke(_key, true);
        if (IsHead)
        {
            _headText += _current.Text;
            return;
        }

        _tail.Enqueue(_current);
        _tailText += _current.Text;
        while (_tailText + _segmentLength > maxText - (maxText / 2) && _tail.TryDequeue(out var oldest))
        {
            _tailText -= oldest.Text;
            Drop(oldest);
        }
    }

    private void EndMember()
    {
        _member?.Dispose();
        (_member, _memberText) = (null, 0);
    }

    /// <summary>Takes away the lines that may still change, so that the next go in their place.</summary>
    private void DropOpen()
    {
        if (_openAt >= 0)
        {
            _file!.SetLength(_openAt);
            _file.Position = _openAt;
            _openAt = -1;
        }
    }

    /// <summary>Drops a segment; what all that were dropped had is told in the place of the first.</summary>
    private void Drop(Segment segment)
    {
        _dropped ??= new Dropped(segment.Key, 0, 0, DateTime.UtcNow);
        _dropped = _dropped with { Text = _dropped.Text + segment.Text, Lines = _dropped.Lines + segment.Lines };
        var note = LogText.Line(
            _dropped.Since, LogStream.Note,
            string.Create(CultureInfo.InvariantCulture, $"{_dropped.Lines:N0} lines ({_dropped.Text / 1e6:N1} MB) are not kept here: the log would be longer than {maxText / 1e6:N1} MB."));
        using var compressed = new MemoryStream();
        using (var member = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            member.Write(note);
        }

        Wait(store.PutAsync(_dropped.First.Key, ObjectContent.OfTheMoment(compressed.ToArray())));
        Changed?.Invoke(_dropped.First, true);
        if (segment.Key != _dropped.First)
        {
            Wait(store.DeleteAsync([segment.Key.Key]));
            Changed?.Invoke(segment.Key, false);
        }
    }

    /// <summary>The thread is the log's own, and nobody waits for it.</summary>
    private static void Wait(Task work) => work.GetAwaiter().GetResult();

    /// <param name="Key">Which.</param>
    /// <param name="Text">How many bytes of lines it has.</param>
    /// <param name="Lines">How many lines.</param>
    private readonly record struct Segment(LogKey Key, long Text, long Lines);

    /// <param name="First">Where it is told.</param>
    /// <param name="Text">How many bytes of lines were dropped.</param>
    /// <param name="Lines">How many lines.</param>
    /// <param name="Since">When the first was.</param>
    private sealed record Dropped(LogKey First, long Text, long Lines, DateTime Since);
}
