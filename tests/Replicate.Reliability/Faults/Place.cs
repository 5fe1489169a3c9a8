using System.Diagnostics;
using System.Globalization;
using Replicate.Adapters;
using Replicate.Reliability.Fuzzing;
using Replicate.Storage;
using Replicate.Storage.Disk;
using Replicate.Tests.Storage.Gcs;

namespace Replicate.Reliability.Faults;

/// <summary>Where repositories lie: on a disk, or on a server that is started for this run.</summary>
public sealed class Place : IDisposable
{
    private readonly Func<string, string> _urlOf;
    private readonly Action _end;

    private Place(string name, Func<string, string> urlOf, Action end, params (string Name, string Value)[] variables)
    {
        (Name, _urlOf, _end, Variables) = (name, urlOf, end, variables);
        foreach (var (variable, value) in variables)
        {
            Environment.SetEnvironmentVariable(variable, value);
        }
    }

    /// <summary>Its name on the command line.</summary>
    public string Name { get; }

    /// <summary>What a process needs in its environment to reach it.</summary>
    public IReadOnlyList<(string Name, string Value)> Variables { get; }

    /// <summary>Opens one by its name; null where its server is not installed.</summary>
    /// <param name="name">disk, spool (a directory that says it is a bucket), gcs, azure or s3.</param>
    /// <param name="scratch">A directory for it.</param>
    public static async Task<Place?> OpenAsync(string name, Scratch scratch)
    {
        switch (name)
        {
            case "disk":
                return new Place(name, repository => $"file://{scratch.At("repositories", repository)}", () => { });
            case "spool":
                return new Place(name, repository => $"s3://spool/{repository}", () => { });
            case "gcs":
                var standIn = new GcsStandIn();
                return new Place(name, repository => $"gs://reliability/{repository}", standIn.Dispose, ("STORAGE_EMULATOR_HOST", standIn.Url));
            case "s3" when File.Exists("/usr/bin/radosgw") && File.Exists("/usr/bin/ceph-osd"):
                return await StartCephAsync(scratch);
            case "azure" when Directory.Exists(Path.Combine(Corpus.Root, "tests", "node_modules", "azurite")):
                return await StartAzuriteAsync(scratch);
            case "s3" or "azure":
                return null;
            default:
                throw new ArgumentException($"There is no place '{name}': say disk, spool, gcs, azure or s3.");
        }
    }

    /// <summary>The URL of a repository there.</summary>
    public string UrlOf(string repository) => _urlOf(repository);

    /// <summary>Opens the store of a repository there.</summary>
    /// <param name="repository">Its name.</param>
    /// <param name="scratch">Where a place without a server keeps it.</param>
    public IObjectStore OpenStore(string repository, Scratch scratch) => Name == "spool"
        ? new FaultyStore(new DiskStore(scratch.At("buckets", repository)), UrlOf(repository))
        : ObjectStores.Open(UrlOf(repository));

    /// <summary>Ends the server.</summary>
    public void Dispose() => _end();

    private static async Task<Place> StartCephAsync(Scratch scratch)
    {
        var (port, end) = await StartAsync("Ceph", "/bin/sh", port => ["ceph.sh", scratch.Directory("ceph"), port, "tester", "testing"]);
        return new Place(
            "s3", repository => $"s3://reliability/{repository}", end,
            ("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{port}"), ("AWS_ACCESS_KEY_ID", "tester"), ("AWS_SECRET_ACCESS_KEY", "testing"));
    }

    private static async Task<Place> StartAzuriteAsync(Scratch scratch)
    {
        var (port, end) = await StartAsync("Azurite", "node", port => ["azurite.js", scratch.Directory("azurite"), port]);
        return new Place(
            "azure", repository => $"az://tester/reliability/{repository}", end,
            ("AZURE_STORAGE_BLOB_ENDPOINT", $"http://127.0.0.1:{port}"), ("AZURE_STORAGE_KEY", Convert.ToBase64String("testing"u8)));
    }

    /// <summary>Starts a script of <c>tests/servers</c> and waits until it is ready.</summary>
    private static async Task<(string Port, Action End)> StartAsync(string name, string program, Func<string, string[]> arguments)
    {
        var port = Random.Shared.Next(10_000, 30_000).ToString(CultureInfo.InvariantCulture);
        var server = Process.Start(new ProcessStartInfo(program, arguments(port))
        {
            WorkingDirectory = Path.Combine(Corpus.Root, "tests", "servers"),
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        server.ErrorDataReceived += (_, _) => { };
        server.BeginErrorReadLine();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        if (await server.StandardOutput.ReadLineAsync(timeout.Token) != "ready")
        {
            server.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{name} did not start.");
        }

        return (port, () =>
        {
            server.StandardInput.Close();
            server.WaitForExit(TimeSpan.FromSeconds(20));
            server.Dispose();
        });
    }
}
