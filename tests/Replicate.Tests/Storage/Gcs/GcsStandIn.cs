using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Replicate.Tests.Storage.Gcs;

/// <summary>
/// A stand-in for Google Cloud Storage, built after the public reference of its JSON API, for what Google's emulator
/// lacks: buckets, preconditions, uploads in several chunks, ranges after the end, and access tokens. What the reference
/// does not allow is refused.
/// </summary>
internal sealed class GcsStandIn : IDisposable
{
    public const string Token = "a-good-token";

    private const int Granularity = 256 << 10;
    private const string ObjectPath = "/storage/v1/b/";
    private const string UploadPath = "/upload/storage/v1/b/";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, GcsStored>> _buckets = new();
    private readonly ConcurrentDictionary<string, GcsSession> _sessions = new();
    private readonly bool _wantsToken;
    private long _generation = 1_700_000_000_000_000;

    /// <summary>Listens.</summary>
    /// <param name="wantsToken">Whether only requests with <see cref="Token"/> are answered.</param>
    public GcsStandIn(bool wantsToken = false)
    {
        _wantsToken = wantsToken;
        Url = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>The projects in which buckets were created.</summary>
    public ConcurrentDictionary<string, string> Projects { get; } = new();

    /// <summary>Uploads that were begun in chunks.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Changes what was stored, as a broken disk would.</summary>
    public bool IsDamaging { get; set; }

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => ServeAsync(context));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            await AnswerAsync(new GcsCall(context));
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            context.Response.Abort(); // The client has gone.
        }
        catch (Exception e)
        {
            var status = (e as GcsRefusal)?.Status ?? 501;
            var error = new JsonObject { ["code"] = status, ["message"] = e.Message };
            await new GcsCall(context).SendAsync(status, Encoding.UTF8.GetBytes(new JsonObject { ["error"] = error }.ToJsonString()));
        }
    }

    private Task AnswerAsync(GcsCall call)
    {
        if (call.Path == "/token")
        {
            return call.SendAsync(new JsonObject { ["access_token"] = Token, ["expires_in"] = 3600, ["token_type"] = "Bearer" });
        }

        if (_wantsToken && call.Header("Authorization") != $"Bearer {Token}")
        {
            throw new GcsRefusal(401, "Invalid Credentials");
        }

        return call switch
        {
            { Method: "PUT", Path: var path } when path.StartsWith(UploadPath, StringComparison.Ordinal) => ContinueAsync(call),
            { Method: "POST", Path: var path } when path.StartsWith(UploadPath, StringComparison.Ordinal) => UploadAsync(call, Parts(path[UploadPath.Length..])),
            { Method: "POST", Path: "/storage/v1/b" } => CreateBucketAsync(call),
            { Path: var path } when path.StartsWith(ObjectPath, StringComparison.Ordinal) => AnswerAsync(call, Parts(path[ObjectPath.Length..])),
            _ => throw new GcsRefusal(404, "Not Found"),
        };
    }

    private Task AnswerAsync(GcsCall call, string[] parts) => (call.Method, parts) switch
    {
        ("GET", [var bucket, "o"]) => ListAsync(call, Bucket(bucket)),
        ("GET", [var bucket, "o", var name]) => call.Query("alt") == "media"
            ? DownloadAsync(call, Find(call, Bucket(bucket), name)) : call.SendAsync(Find(call, Bucket(bucket), name).ToJson()),
        ("POST", [var bucket, "o", var name, "rewriteTo", "b", var other, "o", var copy]) =>
            RewriteAsync(call, Find(call, Bucket(bucket), name), other, copy),
        ("DELETE", [var bucket, "o", var name]) => DeleteAsync(call, Bucket(bucket), name),
        _ => throw new GcsRefusal(405, "Method Not Allowed"),
    };

    private async Task CreateBucketAsync(GcsCall call)
    {
        var project = call.Query("project") ?? throw new GcsRefusal(400, "Required parameter: project");
        var name = (string?)JsonNode.Parse(await call.ReadAsync())?["name"] ?? throw new GcsRefusal(400, "Required: name");
        if (!_buckets.TryAdd(name, new ConcurrentDictionary<string, GcsStored>()))
        {
            throw new GcsRefusal(409, "Your previous request to create the named bucket succeeded and you already own it.");
        }

        Projects[name] = project;
        await call.SendAsync(new JsonObject { ["kind"] = "storage#bucket", ["name"] = name });
    }

    private async Task UploadAsync(GcsCall call, string[] parts)
    {
        if (parts is not [var bucketName, "o"])
        {
            throw new GcsRefusal(404, "Not Found");
        }

        var bucket = Bucket(bucketName);
        var type = call.Query("uploadType");
        var body = await call.ReadAsync();

        // The name is in the query, or in the metadata, which only the request that begins an upload in chunks can hold.
        var name = call.Query("name") ?? (type == "resumable" && body.Length > 0 ? (string?)JsonNode.Parse(body)?["name"] : null)
            ?? throw new GcsRefusal(400, "Required");
        var condition = call.Query("ifGenerationMatch");
        Check(bucket, name, condition);
        switch (type)
        {
            case "media":
                await call.SendAsync(Store(bucketName, bucket, name, condition, body).ToJson());
                return;
            case "resumable":
                var id = Guid.NewGuid().ToString("n");
                _sessions[id] = new GcsSession(bucketName, name, condition);
                call.Answer("Location", $"http://{call.Header("Host")}{UploadPath}{bucketName}/o?uploadType=resumable&upload_id={id}");
                await call.SendAsync(200, default);
                return;
            default:
                throw new GcsRefusal(400, "Unknown uploadType");
        }
    }

    /// <summary>A chunk, or the question how much has come.</summary>
    private async Task ContinueAsync(GcsCall call)
    {
        if (call.Query("upload_id") is not { } id || !_sessions.TryGetValue(id, out var session))
        {
            throw new GcsRefusal(404, "No such upload");
        }

        var body = await call.ReadAsync();
        var (first, total) = Range(call.Header("Content-Range") ?? throw new GcsRefusal(400, "Content-Range is required"), body.Length);
        if (session.Done is null)
        {
            if (first is { } start)
            {
                if (start > session.Content.Length)
                {
                    throw new GcsRefusal(503, "The chunk begins after what has come");
                }

                if (total != start + body.Length && body.Length % Granularity != 0)
                {
                    throw new GcsRefusal(400, "A chunk that is not the last must be a multiple of 256 KiB");
                }

                session.Content.Write(body.AsSpan((int)(session.Content.Length - start)));
            }

            if (session.Content.Length != total)
            {
                if (session.Content.Length > 0)
                {
                    call.Answer("Range", $"bytes=0-{session.Content.Length - 1}");
                }

                await call.SendAsync(308, default);
                return;
            }

            session.Done = Store(session.Bucket, Bucket(session.Bucket), session.Name, session.Condition, session.Content.ToArray());
        }

        await call.SendAsync(session.Done.ToJson());
    }

    private static (long? First, long? Total) Range(string header, int length)
    {
        var text = header.StartsWith("bytes ", StringComparison.Ordinal) ? header["bytes ".Length..].Split('/') : [];
        if (text is not [var range, var end])
        {
            throw new GcsRefusal(400, "Content-Range");
        }

        long? total = end == "*" ? null : long.Parse(end, CultureInfo.InvariantCulture);
        if (range == "*")
        {
            return (length == 0 ? null : throw new GcsRefusal(400, "Content-Range"), total);
        }

        var ends = range.Split('-').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return ends[1] - ends[0] + 1 == length ? (ends[0], total) : throw new GcsRefusal(400, "Content-Range is not of this length");
    }

    private GcsStored Store(
        string bucketName, ConcurrentDictionary<string, GcsStored> bucket, string name, string? condition, byte[] content)
    {
        lock (bucket)
        {
            Check(bucket, name, condition);
            var kept = IsDamaging && content.Length > 0 ? [.. content[..^1], (byte)(content[^1] ^ 1)] : content;
            return bucket[name] = new GcsStored(bucketName, name, Interlocked.Increment(ref _generation), kept);
        }
    }

    private static void Check(ConcurrentDictionary<string, GcsStored> bucket, string name, string? condition)
    {
        if (condition is not null && long.Parse(condition, CultureInfo.InvariantCulture) != (bucket.GetValueOrDefault(name)?.Generation ?? 0))
        {
            throw new GcsRefusal(412, "At least one of the pre-conditions you specified did not hold.");
        }
    }

    private static Task ListAsync(GcsCall call, ConcurrentDictionary<string, GcsStored> bucket)
    {
        var after = call.Query("pageToken") is { } token ? Encoding.UTF8.GetString(Convert.FromBase64String(token)) : "";
        var most = Math.Min(1000, int.Parse(call.Query("maxResults") ?? "1000", CultureInfo.InvariantCulture));
        var prefix = call.Query("prefix") ?? "";
        var found = bucket.Values.Where(stored => stored.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(stored => string.CompareOrdinal(stored.Name, after) > 0)
            .Where(stored => string.CompareOrdinal(stored.Name, call.Query("startOffset") ?? "") >= 0)
            .Where(stored => call.Query("endOffset") is not { } end || string.CompareOrdinal(stored.Name, end) < 0).OrderBy(stored => stored.Name, StringComparer.Ordinal).Take(most + 1).ToList();
        var page = new JsonObject { ["kind"] = "storage#objects" };
        if (found.Count > 0)
        {
            page["items"] = new JsonArray(found.Take(most).Select(stored => (JsonNode)stored.ToJson()).ToArray());
        }

        if (found.Count > most)
        {
            page["nextPageToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(found[most - 1].Name));
        }

        return call.SendAsync(page);
    }

    /// <remarks>Every copy takes two calls, as that of a large object does.</remarks>
    private Task RewriteAsync(GcsCall call, GcsStored source, string other, string copy)
    {
        var isDone = call.Query("rewriteToken") switch
        {
            null => false,
            var token when token == $"{source.Generation} {copy}" => true,
            _ => throw new GcsRefusal(400, "Invalid rewrite token"),
        };
        var bucket = Bucket(other);
        var answer = new JsonObject { ["kind"] = "storage#rewriteResponse", ["done"] = isDone, ["objectSize"] = $"{source.Content.Length}" };
        if (isDone)
        {
            answer["resource"] = Store(other, bucket, copy, null, source.Content).ToJson();
        }
        else
        {
            answer["rewriteToken"] = $"{source.Generation} {copy}";
        }

        return call.SendAsync(answer);
    }

    private static async Task DownloadAsync(GcsCall call, GcsStored stored)
    {
        call.Answer("x-goog-generation", $"{stored.Generation}");
        call.Answer("x-goog-hash", $"crc32c={stored.Crc32C}");
        if (call.Header("Range") is not { } header)
        {
            await call.SendAsync(200, stored.Content);
            return;
        }

        var ends = header["bytes=".Length..].Split('-');
        var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
        if (first >= stored.Content.Length)
        {
            throw new GcsRefusal(416, "The requested range cannot be satisfied.");
        }

        var last = ends[1].Length == 0 ? stored.Content.Length - 1 : Math.Min(stored.Content.Length - 1, int.Parse(ends[1], CultureInfo.InvariantCulture));
        call.Answer("Content-Range", $"bytes {first}-{last}/{stored.Content.Length}");
        await call.SendAsync(206, stored.Content.AsMemory(first, last - first + 1));
    }

    private static async Task DeleteAsync(GcsCall call, ConcurrentDictionary<string, GcsStored> bucket, string name)
    {
        Find(call, bucket, name);
        bucket.TryRemove(name, out _);
        await call.SendAsync(204, default);
    }

    private static GcsStored Find(GcsCall call, ConcurrentDictionary<string, GcsStored> bucket, string name)
    {
        var found = bucket.GetValueOrDefault(name) ?? throw new GcsRefusal(404, $"No such object: {name}");
        Check(bucket, name, call.Query("ifGenerationMatch"));
        return found;
    }

    private ConcurrentDictionary<string, GcsStored> Bucket(string name) =>
        _buckets.GetValueOrDefault(name) ?? throw new GcsRefusal(404, "The specified bucket does not exist.");

    private static string[] Parts(string path) => path.Split('/').Select(Uri.UnescapeDataString).ToArray();

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
