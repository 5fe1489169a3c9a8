using System.Globalization;
using System.Text;
using Azure;
using Azure.Core;

namespace Replicate.Adapters.Azure;

/// <summary>
/// Deletes many objects with one request, which the client leaves to a package of its own: a multipart body that holds the requests,
/// each with its own signature, answered by one that holds their answers.
/// </summary>
internal sealed class BlobBatch(AzureClient client)
{
    private const string Line = "\r\n";

    /// <summary>Deletes them with their snapshots.</summary>
    /// <returns>Whether none of them is there any more.</returns>
    /// <exception cref="RequestFailedException">The server refuses the request as a whole.</exception>
    public async Task<bool> TryDeleteAsync(string[] names, CancellationToken cancellationToken)
    {
        var boundary = $"batch_{Guid.NewGuid():n}";
        using var message = client.Pipeline.CreateMessage();
        var request = message.Request;
        request.Method = RequestMethod.Post;
        request.Uri.Reset(client.Container.Uri);
        request.Uri.AppendQuery("restype", "container");
        request.Uri.AppendQuery("comp", "batch");
        var body = await WriteAsync(names, boundary);
        request.Content = RequestContent.Create(body);
        request.Headers.Add("Content-Type", $"multipart/mixed; boundary={boundary}");
        request.Headers.Add("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
        await client.AuthorizeAsync(request, cancellationToken);
        await client.Pipeline.SendAsync(message, cancellationToken);
        var answer = message.Response;
        if (answer.Status != 202)
        {
            answer.Headers.TryGetValue("x-ms-error-code", out var code);
            throw new RequestFailedException(answer.Status, answer.ReasonPhrase, code, null);
        }

        using var answers = new StreamReader(answer.ContentStream!);
        return AreGone(await answers.ReadToEndAsync(cancellationToken), names.Length);
    }

    private async Task<byte[]> WriteAsync(string[] names, string boundary)
    {
        var body = new StringBuilder();
        for (var number = 0; number < names.Length; number++)
        {
            using var message = client.Pipeline.CreateMessage();
            var request = message.Request;
            request.Method = RequestMethod.Delete;
            request.Uri.Reset(client.Container.GetBlobClient(names[number]).Uri);
            request.Headers.Add("x-ms-delete-snapshots", "include");
            await client.AuthorizeAsync(request, CancellationToken.None);
            body.Append("--").Append(boundary).Append(Line)
                .Append("Content-Type: application/http").Append(Line)
                .Append("Content-Transfer-Encoding: binary").Append(Line)
                .Append(CultureInfo.InvariantCulture, $"Content-ID: {number}").Append(Line).Append(Line)
                .Append("DELETE ").Append(request.Uri.ToUri().PathAndQuery).Append(" HTTP/1.1").Append(Line);
            foreach (var header in request.Headers)
            {
                body.Append(header.Name).Append(": ").Append(header.Value).Append(Line);
            }

            body.Append("Content-Length: 0").Append(Line).Append(Line).Append(Line);
        }

        return Encoding.UTF8.GetBytes(body.Append("--").Append(boundary).Append("--").Append(Line).ToString());
    }

    /// <summary>Whether the answers are all there, and each says that its object is gone.</summary>
    private static bool AreGone(string answers, int count)
    {
        var parts = answers.Split("HTTP/1.1 ")[1..];
        return parts.Length == count && parts.All(part =>
            part.StartsWith("202", StringComparison.Ordinal)
            || (part.StartsWith("404", StringComparison.Ordinal) && part.Contains("BlobNotFound", StringComparison.Ordinal)));
    }
}
