using System.Globalization;
using System.Runtime.ExceptionServices;
using Google.Apis.Storage.v1;
using Google.Apis.Upload;
using Google.Cloud.Storage.V1;
using Microsoft.Win32.SafeHandles;
using Replicate.Adapters.Cloud;
using Stored = Google.Apis.Storage.v1.Data.Object;

namespace Replicate.Adapters.Gcs;

/// <summary>Puts objects: small ones with one request, others in chunks; what arrived is compared with what was sent.</summary>
internal sealed class GcsUpload(CloudBucket<StorageClient> bucket, GcsStore store)
{
    private const int ChunkSize = 8 << 20;

    /// <summary>The version that the generation of an object stands for.</summary>
    public static string Version(Stored stored) => (stored.Generation ?? 0).ToString(CultureInfo.InvariantCulture);

    /// <summary>Puts a file in chunks; null when the condition was not met.</summary>
    public async Task<string?> PutLargeAsync(PutTarget target, SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        var crc = await GcsChecksum.OfAsync(file, cancellationToken);
        return await PutAsync(target, length, crc, async generation =>
        {
            var stored = await SendInChunksAsync(target.Name, file, length, generation, cancellationToken);
            if (IsWhole(stored, length, crc))
            {
                return stored;
            }

            // Emulators end an upload with its first chunk, and say that it was completed.
            Log.Verbose($"The server of the bucket '{bucket.Name}' does not take '{target.Name}' in chunks: it is sent with one request.");
            return await SendAsync(target.Name, attempt => MovingStream.Of(file, 0, length, attempt), stored.Generation, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Puts a small object; null when the condition was not met.</summary>
    public async Task<string?> PutBytesAsync(PutTarget target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var tries = 0;
        var version = await PutAsync(target, content.Length, GcsChecksum.Of(content.Span), generation => SendAsync(target.Name, attempt =>
        {
            tries = attempt.Number;
            return MovingStream.Of(content, attempt);
        }, generation, cancellationToken), cancellationToken);

        // An earlier try may have done it, and its answer was lost.
        return version is null && tries > 1 ? await store.FindSameAsync(target.Key, content, cancellationToken) : version;
    }

    private static bool IsWhole(Stored stored, long length, string crc) =>
        stored.Size == (ulong)length && (stored.Crc32c ?? crc) == crc;

    /// <summary>Sends an object with the generation that its condition wants; null when that was not met.</summary>
    private async Task<string?> PutAsync(
        PutTarget target, long length, string crc, Func<long?, Task<Stored>> send, CancellationToken cancellationToken)
    {
        long? generation = target.Condition.MustBeAbsent ? 0 : null;
        if (target.Condition.Version is { } version)
        {
            if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            generation = number;
        }

        try
        {
            var stored = await send(generation);
            return IsWhole(stored, length, crc) ? Version(stored) : throw await TakeBackAsync(stored, target.Name, length, crc, cancellationToken);
        }
        catch (ReplicateException e) when (bucket.Errors.ReadCause(e) is { Kind: RefusalKind.ConditionNotMet })
        {
            return null;
        }
    }

    private Task<Stored> SendAsync(string name, Func<Attempt, Stream> open, long? generation, CancellationToken cancellationToken) =>
        bucket.RunAsync(
            "write",
            (client, attempt) => GcsRequests.PutAsync(client, bucket.Name, name, generation, open(attempt), attempt.Token),
            cancellationToken);

    private Task<Stored> SendInChunksAsync(
        string name, SafeFileHandle file, long length, long? generation, CancellationToken cancellationToken)
    {
        ObjectsResource.InsertMediaUpload? upload = null;
        MovingStream? content = null;
        return bucket.RunAsync("write", async (client, attempt) =>
        {
            content ??= MovingStream.Of(file, 0, length, attempt);
            content.Attempt = attempt;
            upload ??= client.CreateObjectUploader(
                bucket.Name, name, "application/octet-stream", content,
                new UploadObjectOptions { ChunkSize = ChunkSize, IfGenerationMatch = generation });
            var result = await upload.ResumeAsync(attempt.Token);
            if (result.Status != UploadStatus.Completed)
            {
                ExceptionDispatchInfo.Throw(result.Exception);
            }

            return upload.ResponseBody;
        }, cancellationToken);
    }

    private async Task<ReplicateException> TakeBackAsync(
        Stored stored, string name, long length, string crc, CancellationToken cancellationToken)
    {
        var options = new DeleteObjectOptions { IfGenerationMatch = stored.Generation, RetryOptions = RetryOptions.Never };
        await bucket.FindAsync<string>("delete", async (client, attempt) =>
        {
            await client.DeleteObjectAsync(bucket.Name, name, options, attempt.Token);
            return name;
        }, cancellationToken);
        return new ReplicateException(
            ErrorKind.Unavailable, "UploadDamaged",
            $"What arrived as '{name}' in the bucket '{bucket.Name}' is not what was sent: {stored.Size} of {length} bytes, checksum {stored.Crc32c} for {crc}.",
            "Try again.");
    }
}
