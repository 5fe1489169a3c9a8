using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google;
using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using Replicate.Adapters.Cloud;
using Stored = Google.Apis.Storage.v1.Data.Object;

namespace Replicate.Adapters.Gcs;

/// <summary>
/// Requests that the client lacks: its download tells generation and length only after the last byte, too late to go on
/// where a connection broke; its upload takes two requests for the smallest object; its copy doesn't tell how far it is.
/// </summary>
internal static class GcsRequests
{
    /// <summary>Asks for bytes; null when the range begins at the end of the object or after it.</summary>
    public static async Task<OpenedRange?> OpenAsync(
        StorageClient client, string bucket, RangeRequest request, CancellationToken cancellationToken)
    {
        var get = client.Service.Objects.Get(bucket, request.Name);
        get.Alt = StorageBaseServiceRequest<Stored>.AltEnum.Media;
        get.IfGenerationMatch = request.Version is { } version ? long.Parse(version, CultureInfo.InvariantCulture) : null;
        using var message = get.CreateRequest();
        message.Headers.Range = request.Range is var (first, last) ? new RangeHeaderValue(first, last) : null;
        var answer = await client.Service.HttpClient.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            if (!answer.IsSuccessStatusCode)
            {
                throw await ErrorAsync(client, answer, cancellationToken);
            }

            var total = answer.Content.Headers.ContentRange?.Length ?? answer.Content.Headers.ContentLength
                ?? long.Parse(answer.Headers.GetValues("x-goog-stored-content-length").First(), CultureInfo.InvariantCulture);
            var start = request.Range?.First ?? 0;
            if (start > 0 && answer.StatusCode != HttpStatusCode.PartialContent)
            {
                // An emulator answers with everything where the range is after the end.
                answer.Dispose();
                return start >= total ? null : throw new IOException("The server does not send ranges.");
            }

            return new OpenedRange(
                await answer.Content.ReadAsStreamAsync(cancellationToken), Math.Min(total - 1, request.Range?.Last ?? total) - start + 1,
                total, answer.Headers.GetValues("x-goog-generation").First(), answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Puts an object with one request.</summary>
    /// <param name="client">The client.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="generation">The generation that is replaced, 0 for none; null for any.</param>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public static Task<Stored> PutAsync(
        StorageClient client, string bucket, string name, long? generation, Stream content, CancellationToken cancellationToken) =>
        new MediaInsert(client.Service, bucket)
        {
            Name = name,
            IfGenerationMatch = generation,
            UploadType = "media",
            ModifyRequest = message => message.Content = new StreamContent(content)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
            },
        }.ExecuteAsync(cancellationToken);

    /// <summary>Has the server copy an object, or a part of a large one; returns what to go on with, null when all is copied.</summary>
    public static async Task<string?> CopyAsync(
        StorageClient client, (string Bucket, string Name) source, (string Bucket, string Name) target, string? token,
        CancellationToken cancellationToken)
    {
        var rewrite = client.Service.Objects.Rewrite(null, source.Bucket, source.Name, target.Bucket, target.Name);
        (rewrite.RewriteToken, rewrite.Fields) = (token, "done,rewriteToken");
        var answer = await rewrite.ExecuteAsync(cancellationToken);
        return answer.Done == true ? null : answer.RewriteToken;
    }

    /// <remarks>What goes wrong with media is often told in plain text.</remarks>
    private static async Task<GoogleApiException> ErrorAsync(
        StorageClient client, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var isJson = answer.Content.Headers.ContentType?.MediaType == "application/json";
        var error = isJson ? await client.Service.DeserializeError(answer) : null;
        var text = error?.Message ?? await answer.Content.ReadAsStringAsync(cancellationToken);
        return new GoogleApiException(client.Service.Name, text.Length == 0 ? answer.ReasonPhrase : text)
        {
            HttpStatusCode = answer.StatusCode, Error = error,
        };
    }

    private sealed class MediaInsert(StorageService service, string bucket) : ObjectsResource.InsertRequest(service, null, bucket)
    {
        public override string RestPath => "/upload/storage/v1/b/{bucket}/o";
    }
}
