using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using Google.Apis.Upload;
using Microsoft.Win32.SafeHandles;
using Replicate.Adapters.Cloud;
using Replicate.Stores;

namespace Replicate.Adapters.Gcs;

/// <summary>Puts objects: small ones with one request, others in chunks; what arrived is compared with what was sent.</summary>
internal sealed class GcsUpload(GcsBucket bucket, GcsStore store)
{
    private const int Small = 8 << 20;
    private const int ChunkSize = 8 << 20;

    /// <summary>Puts an object; null when the condition was not met.</summary>
    public async Task<string?> PutAsync(
        string key, string name, ObjectContent content, PutCondition condition, CancellationToken cancellationToken)
    {
        await bucket.PrepareAsync(cancellationToken);
        long? generation = condition.MustBeAbsent ? 0 : null;
        if (condition.Version is { } version)
        {
            if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            generation = number;
        }

        if (content is ObjectContent.Bytes bytes)
        {
            return await PutBytesAsync(key, name, bytes.Value, generation, cancellationToken);
        }

        if (content is ObjectContent.LocalFile local)
        {
            using var handle = File.OpenHandle(local.Path, options: FileOptions.Asynchronous);
            return await PutFileAsync(key, name, handle, generation, cancellationToken);
        }

        // Content that can't be produced twice waits on the disk, because a chunk may have to be sent again.
        await using var file = new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await content.WriteToAsync(file, cancellationToken);
        await file.FlushAsync(cancellationToken);
        return await PutFileAsync(key, name, file.SafeFileHandle, generation, cancellationToken);
    }

    private async Task<string?> PutFileAsync(
        string key, string name, SafeFileHandle file, long? generation, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(file);
        if (length <= Small)
        {
            var content = new byte[length];
            await RandomAccess.ReadAsync(file, content, 0, cancellationToken);
            return await PutBytesAsync(key, name, content, generation, cancellationToken);
        }

        var crc = await GcsChecksum.OfAsync(file, cancellationToken);
        return await MetAsync(async () =>
        {
            var stored = await SendInChunksAsync(name, file, length, generation, cancellationToken);
            if (!IsWhole(stored, length, crc))
            {
                // Emulators end an upload with its first chunk, and say that it was completed.
                Notices.Verbose($"The server of the bucket '{bucket.Name}' does not take '{name}' in chunks: it is sent with one request.");
                stored = await SendAsync(name, attempt => MovingStream.Of(file, 0, length, attempt), stored.Generation, cancellationToken);
            }

            return await CheckedAsync(stored, name, length, crc, cancellationToken);
        });
    }

    private async Task<string?> PutBytesAsync(
        string key, string name, ReadOnlyMemory<byte> content, long? generation, CancellationToken cancellationToken)
    {
        var tries = 0;
        var version = await MetAsync(async () =>
        {
            var stored = await SendAsync(name, attempt =>
            {
                tries = attempt.Number;
                return MovingStream.Of(content, attempt);
            }, generation, cancellationToken);
            return await CheckedAsync(stored, name, content.Length, GcsChecksum.Of(content.Span), cancellationToken);
        });

        // An earlier try may have done it, and its answer was lost.
        return version is null && tries > 1 && await store.ReadAsync(key, cancellationToken) is { } there
            && there.Content.Span.SequenceEqual(content.Span) ? there.Version : version;
    }

    /// <summary>Null when the server answers that a condition was not met.</summary>
    private static async Task<string?> MetAsync(Func<Task<string>> put)
    {
        try
        {
            return await put();
        }
        catch (ReplicateException e) when (GcsError.Is(e.InnerException, HttpStatusCode.PreconditionFailed))
        {
            return null;
        }
    }

    private Task<GcsObject> SendAsync(
        string name, Func<Attempt, Stream> open, long? generation, CancellationToken cancellationToken) =>
        bucket.RunAsync("write", (service, attempt) =>
        {
            var path = $"/upload/{service.BasePath}{GcsService.Path(bucket.Name, null)}"
                + $"?uploadType=media&name={Uri.EscapeDataString(name)}{(generation is null ? "" : $"&ifGenerationMatch={generation}")}";
            var request = new GcsRequest<GcsObject>(service, "POST", path)
            {
                ModifyRequest = message => message.Content = new StreamContent(open(attempt))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
                },
            };
            return request.ExecuteAsync(attempt.Token);
        }, cancellationToken);

    private Task<GcsObject> SendInChunksAsync(
        string name, SafeFileHandle file, long length, long? generation, CancellationToken cancellationToken)
    {
        GcsResumableUpload? upload = null;
        MovingStream? content = null;
        return bucket.RunAsync("write", async (service, attempt) =>
        {
            content ??= MovingStream.Of(file, 0, length, attempt);
            content.Attempt = attempt;
            upload ??= new GcsResumableUpload(service, bucket.Name, name, generation, content) { ChunkSize = ChunkSize };
            var result = await upload.ResumeAsync(attempt.Token);
            if (result.Status != UploadStatus.Completed)
            {
                ExceptionDispatchInfo.Throw(result.Exception);
            }

            return upload.ResponseBody;
        }, cancellationToken);
    }

    private async Task<string> CheckedAsync(GcsObject stored, string name, long length, string crc, CancellationToken cancellationToken)
    {
        if (IsWhole(stored, length, crc))
        {
            return stored.Generation.ToString(CultureInfo.InvariantCulture);
        }

        await bucket.FindAsync(
            "delete",
            (service, attempt) => new GcsRequest<string>(
                service, "DELETE", $"{GcsService.Path(bucket.Name, name)}?ifGenerationMatch={stored.Generation}").ExecuteAsync(attempt.Token)!,
            cancellationToken);
        throw new ReplicateException(
            ErrorKind.Unavailable, "UploadDamaged",
            $"What arrived as '{name}' in the bucket '{bucket.Name}' is not what was sent: {stored.Size} of {length} bytes, checksum {stored.Crc32C} for {crc}.",
            "Try again.");
    }

    private static bool IsWhole(GcsObject stored, long length, string crc) =>
        stored.Size == length && (stored.Crc32C ?? crc) == crc;
}
