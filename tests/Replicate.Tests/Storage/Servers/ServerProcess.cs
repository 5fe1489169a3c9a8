using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.Servers;

/// <summary>A server of somebody else's on loopback, started by a script of <c>tests/servers</c>.</summary>
internal sealed class ServerProcess : IDisposable
{
    // Nothing of a server outlives its test, and one that waits for the disk answers nobody.
    private const string WithoutFlushing = "/usr/bin/eatmydata";
    private const int Tries = 3;
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly TemporaryDirectory _directory;

    private ServerProcess(Process process, TemporaryDirectory directory, int port) =>
        (_process, _directory, Url) = (process, directory, $"http://127.0.0.1:{port}");

    public static string Scripts { get; } = Path.Combine(Checkout.Root, "tests", "servers");

    public string Url { get; }

    /// <summary>Starts a server and waits until it is ready; tries again where something else was faster to take a port.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments, given a directory of its own and a free port.</param>
    public static async Task<ServerProcess> StartAsync(string program, Func<string, int, string[]> arguments)
    {
        for (var tries = 1; ; tries++)
        {
            var directory = new TemporaryDirectory();
            var port = FreePort();
            string[] command = [program, .. arguments(directory.Path, port)];
            command = File.Exists(WithoutFlushing) ? [WithoutFlushing, .. command] : command;
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = Scripts, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            using var timeout = new CancellationTokenSource(StartTime);
            if (await process.StandardOutput.ReadLineAsync(timeout.Token) == "ready")
            {
                return new ServerProcess(process, directory, port);
            }

            process.Kill(entireProcessTree: true);
            if (tries == Tries)
            {
                var logs = Directory.EnumerateFiles(directory.Path, "*.log").Select(log => File.ReadAllText(log));
                throw new InvalidOperationException(
                    $"{string.Join(' ', start.ArgumentList)} did not start: {await errors}\n{string.Join('\n', logs)}");
            }

            process.Dispose();
            directory.Dispose();
        }
    }

    /// <remarks>Ends by itself with its input.</remarks>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _directory.Dispose();
    }

    /// <summary>A port with room for a few more after it, below those that the system gives out.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 30_000);
            if (Enumerable.Range(port, 21).All(IsFree))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
