using System.Diagnostics;

namespace Replicate.Benchmarks;

/// <summary>A server of buckets on loopback, which the environment of this process and its children then leads to.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _directory;

    private LoopbackServer(Process process, DirectoryInfo directory, string scheme) => (_process, _directory, Scheme) = (process, directory, scheme);

    /// <summary>What the URL of a repository on it begins with, up to bucket or container.</summary>
    public string Scheme { get; }

    /// <summary>Ceph's S3 gateway.</summary>
    public static LoopbackServer StartCeph() => Start(
        "/bin/sh", (directory, port) => ["ceph.sh", directory, port, "tester", "testing"], "s3://",
        port => [("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{port}"), ("AWS_ACCESS_KEY_ID", "tester"), ("AWS_SECRET_ACCESS_KEY", "testing")]);

    /// <summary>Azurite.</summary>
    public static LoopbackServer StartAzurite() => Start(
        "node", (directory, port) => ["azurite.js", directory, port], "az://tester/",
        port => [("AZURE_STORAGE_BLOB_ENDPOINT", $"http://127.0.0.1:{port}"), ("AZURE_STORAGE_KEY", Convert.ToBase64String("testing"u8))]);

    /// <remarks>The server ends with its input.</remarks>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private static LoopbackServer Start(
        string program, Func<string, string, string[]> arguments, string scheme, Func<int, (string Name, string Value)[]> variables)
    {
        var port = Random.Shared.Next(10_000, 30_000);
        var directory = Directory.CreateTempSubdirectory("replicate-bench-");
        var process = Process.Start(new ProcessStartInfo(program, arguments(directory.FullName, $"{port}"))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = Checkout.At("tests", "servers"),
        })!;
        if (process.StandardOutput.ReadLine() != "ready")
        {
            throw new InvalidOperationException($"{program} did not start: './build.sh test --all' installs it.");
        }

        foreach (var (name, value) in variables(port))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        return new LoopbackServer(process, directory, scheme);
    }
}
