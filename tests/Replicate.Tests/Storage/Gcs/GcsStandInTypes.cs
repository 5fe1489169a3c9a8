using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;

namespace Replicate.Tests.Storage.Gcs;

/// <summary>An answer other than what was asked for.</summary>
internal sealed class GcsRefusal(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>An upload in chunks.</summary>
internal sealed record GcsSession(string Bucket, string Name, string? Condition)
{
    public MemoryStream Content { get; } = new();

    public GcsStored? Done { get; set; }
}

/// <summary>An object.</summary>
internal sealed record GcsStored(string Bucket, string Name, long Generation, byte[] Content)
{
    public string Crc32C { get; } = Convert.ToBase64String(BitConverter.GetBytes(
        BinaryPrimitives(~Content.Aggregate(uint.MaxValue, (crc, value) => BitOperations.Crc32C(crc, value)))));

    private string Updated { get; } = DateTime.UtcNow.ToString("o");

    public JsonObject ToJson() => new()
    {
        ["kind"] = "storage#object", ["bucket"] = Bucket, ["name"] = Name, ["crc32c"] = Crc32C,
        ["generation"] = $"{Generation}", ["metageneration"] = "1", ["size"] = $"{Content.Length}",
        ["updated"] = Updated,
    };

    private static uint BinaryPrimitives(uint value) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
}

/// <summary>A request and its answer.</summary>
internal sealed class GcsCall(HttpListenerContext context)
{
    public string Method => context.Request.HttpMethod;

    /// <summary>The path as it was sent, still escaped: a slash in a name is not one between names.</summary>
    public string Path { get; } = context.Request.RawUrl!.Split('?', 2)[0];

    public string? Query(string name) => context.Request.QueryString[name];

    public string? Header(string name) => context.Request.Headers[name];

    public void Answer(string header, string value) => context.Response.Headers[header] = value;

    public async Task<byte[]> ReadAsync()
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        return body.Length == Math.Max(0, context.Request.ContentLength64) || context.Request.ContentLength64 < 0
            ? body.ToArray() : throw new IOException("The body is not whole.");
    }

    public Task SendAsync(JsonObject json) => SendAsync(200, Encoding.UTF8.GetBytes(json.ToJsonString()), "application/json; charset=UTF-8");

    public async Task SendAsync(int status, ReadOnlyMemory<byte> body, string type = "application/octet-stream")
    {
        (context.Response.StatusCode, context.Response.ContentType, context.Response.ContentLength64) = (status, type, body.Length);
        if (status != 204)
        {
            await context.Response.OutputStream.WriteAsync(body);
        }

        context.Response.Close();
    }
}
