using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Replicate.Tests.Storage.Faults;

/// <summary>Stands between a client and a server on loopback and makes things go wrong. One connection, one request.</summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly Func<ProxiedRequest, Fault?> _rule;
    private readonly Uri _server;
    private int _number;

    /// <summary>Listens.</summary>
    /// <param name="server">The URL of the server.</param>
    /// <param name="rule">What goes wrong with a request; null for nothing.</param>
    public FaultProxy(string server, Func<ProxiedRequest, Fault?> rule)
    {
        (_server, _rule) = (new Uri(server), rule);
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>What was asked so far.</summary>
    public IReadOnlyCollection<ProxiedRequest> Requests => _requests;

    public void Dispose()
    {
        _closed.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_closed.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                await using var client = new NetworkStream(socket);
                if (await ReadHeadAsync(client) is { } head && !await TryServeAsync(client, head))
                {
                    socket.LingerState = new LingerOption(enable: true, seconds: 0); // closes with a reset
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
        }
    }

    /// <returns>False to reset the connection.</returns>
    private async Task<bool> TryServeAsync(NetworkStream client, string[] head)
    {
        var words = head[0].Split(' ');
        var request = new ProxiedRequest(Interlocked.Increment(ref _number), words[0], words[1]);
        _requests.Enqueue(request);
        if (IsHeader(head, "Expect", out _))
        {
            await client.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _closed.Token);
        }

        var length = IsHeader(head, "Content-Length", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var fault = _rule(request);
        switch (fault)
        {
            case Fault.Status status:
                await CopyAsync(client, Stream.Null, length);
                string[] answer = [$"HTTP/1.1 {status.Code} Fault", "Content-Length: 0", "Connection: close", .. status.Headers, "", ""];
                await client.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", answer)), _closed.Token);
                return true;
            case Fault.ResetWhileSent reset:
                await CopyAsync(client, Stream.Null, Math.Min(reset.Bytes, length));
                return false;
            case Fault.Pause pause:
                await pause.End.WaitAsync(_closed.Token);
                break;
            case Fault.Silence silence:
                await Task.Delay(silence.Time, _closed.Token);
                break;
        }

        using var connection = new TcpClient();
        await connection.ConnectAsync(_server.Host, _server.Port, _closed.Token);
        await using var server = connection.GetStream();
        var passed = head.Where(line => !Names(line, "Connection") && !Names(line, "Expect")).Append("Connection: close");
        await server.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", passed) + "\r\n\r\n"), _closed.Token);
        var answering = fault is Fault.ResetWhileAnswered { Bytes: 0 }
            ? server.ReadExactlyAsync(new byte[1], _closed.Token).AsTask() // Then the server has done what was asked.
            : CopyAsync(server, client, fault is Fault.ResetWhileAnswered lost ? lost.Bytes : long.MaxValue);
        await CopyAsync(client, server, length);
        await answering;
        return fault is not Fault.ResetWhileAnswered;
    }

    private static bool Names(string line, string header) => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase);

    private static bool IsHeader(string[] head, string name, out string value)
    {
        var line = head.FirstOrDefault(line => Names(line, name));
        value = line?[(name.Length + 1)..].Trim() ?? "";
        return line is not null;
    }

    private async Task<string[]?> ReadHeadAsync(Stream client)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count > 4 && head[^1] == '\n' && head[^3] == '\n'))
        {
            if (await client.ReadAsync(one, _closed.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        return Encoding.Latin1.GetString(head.ToArray()).TrimEnd().Split("\r\n");
    }

    private async Task CopyAsync(Stream from, Stream to, long count)
    {
        var buffer = new byte[1 << 16];
        while (count > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), _closed.Token);
            if (read == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _closed.Token);
            count -= read;
        }
    }
}
