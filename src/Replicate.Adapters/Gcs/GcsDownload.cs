using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Apis.Download;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Gcs;

/// <summary>Fetches one range of an object, going on where a connection broke.</summary>
internal sealed class GcsDownload(GcsBucket bucket, string name, ArrayPool<byte>? buffers = null)
{
    private readonly ArrayPool<byte>? _buffers = buffers;
    private byte[]? _buffer;
    private int _count;
    private long _total;
    private string? _version;

    /// <summary>Fetches the whole object; null when there is none.</summary>
    public Task<ObjectRange?> FetchAsync(CancellationToken cancellationToken) => FetchAsync(0, int.MaxValue, null, cancellationToken);

    /// <summary>Fetches a range, less at the end of the object; null when there is no object.</summary>
    /// <exception cref="ReplicateException">The object isn't of the version any more (<c>ObjectChanged</c>).</exception>
    public async Task<ObjectRange?> FetchAsync(long offset, int count, string? version, CancellationToken cancellationToken)
    {
        _version = version;
        try
        {
            return await bucket.FindAsync<ObjectRange>("read", (service, attempt) => FetchAsync(service, attempt, offset, count), cancellationToken)
                ?? (_version is null ? null : throw Changed(null));
        }
        catch (ReplicateException e) when (GcsError.Is(e.InnerException, HttpStatusCode.PreconditionFailed))
        {
            throw Changed(e.InnerException);
        }
        catch (ReplicateException e) when (GcsError.Is(e.InnerException, HttpStatusCode.RequestedRangeNotSatisfiable))
        {
            return new ObjectRange([], 0, 0, _version ?? "");
        }
    }

    private async Task<ObjectRange?> FetchAsync(GcsService service, Attempt attempt, long offset, int count)
    {
        var isWhole = count == int.MaxValue && _count == 0;
        var start = offset + _count;
        var download = new Download(service) { ChunkSize = 1 << 16, Range = isWhole ? null : new RangeHeaderValue(start, offset + count - 1) };
        var condition = _version is null ? "" : $"?ifGenerationMatch={_version}";
        await using var content = new ContentStream(this, download, attempt, start, count);
        var result = await download.DownloadAsync(service.BaseUri + GcsService.Path(bucket.Name, name) + condition, content, attempt.Token);
        if (result.Status != DownloadStatus.Completed)
        {
            throw result.Exception;
        }

        content.Open(); // Where no byte came.
        if (_count < Math.Min(count, _total - offset))
        {
            throw new EndOfStreamException($"The answer ended after {_count} bytes.");
        }

        return new ObjectRange(_buffer!, _count, _total, _version!);
    }

    private ReplicateException Changed(Exception? cause) => new(
        ErrorKind.Conflict, "ObjectChanged", $"'{name}' in the bucket '{bucket.Name}' changed while it was read.", "Read it again.", cause);

    private sealed class Download(GcsService service) : MediaDownloader(service)
    {
        public HttpResponseMessage? Answer { get; private set; }

        protected override void OnResponseReceived(HttpResponseMessage response) => Answer = response;
    }

    /// <summary>Takes what comes into the buffer, which is made when it is known how much that will be.</summary>
    private sealed class ContentStream(GcsDownload target, Download download, Attempt attempt, long start, int count) : MemoryStream
    {
        private bool _isOpen;
        private long _skip;

        public void Open()
        {
            if (_isOpen)
            {
                return;
            }

            _isOpen = true;
            attempt.MovedIn();
            var answer = download.Answer!;
            target._version = answer.Headers.GetValues("x-goog-generation").First();
            var isRange = answer.StatusCode == HttpStatusCode.PartialContent;
            target._total = answer.Content.Headers.ContentRange?.Length ?? answer.Content.Headers.ContentLength
                ?? long.Parse(answer.Headers.GetValues("x-goog-stored-content-length").First(), CultureInfo.InvariantCulture);

            // An emulator answers with everything where the range is after the end.
            _skip = isRange ? 0 : start;
            var length = (int)Math.Min(count, Math.Max(0, target._total - start + target._count));
            target._buffer ??= download.Range is null ? new byte[length] : target._buffers!.Rent(length);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Open();
            attempt.MovedIn();
            var skipped = (int)Math.Min(_skip, buffer.Length);
            _skip -= skipped;
            var taken = buffer[skipped..];
            taken = taken[..(int)Math.Min(taken.Length, Math.Min(count, target._buffer!.Length) - target._count)];
            taken.CopyTo(target._buffer.AsSpan(target._count));
            target._count += taken.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer.AsSpan(offset, count));
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
