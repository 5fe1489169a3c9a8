using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Replicate.Stores;

namespace Replicate.Benchmarks;

/// <summary>Times listing a repository in a bucket of Ceph's S3 gateway on loopback, and counts the requests.</summary>
internal static class RemoteTimes
{
    private const int Experiments = 10_000;
    private const int Changes = 10;
    private const int ParallelPuts = 16;
    private const string Repository = "s3://benchmark/root";

    /// <summary>Prints a row per list.</summary>
    public static async Task PrintAsync()
    {
        var port = Random.Shared.Next(10_000, 30_000);
        var directory = Directory.CreateTempSubdirectory("replicate-bench-");
        var script = Path.Combine(ProcessTimes.FindRoot(), "tests", "servers", "ceph.sh");
        using var server = Process.Start(new ProcessStartInfo("/bin/sh", [script, directory.CreateSubdirectory("ceph").FullName, $"{port}", "tester", "testing"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            if (await server.StandardOutput.ReadLineAsync() != "ready")
            {
                throw new InvalidOperationException("Ceph did not start: tests/servers/install.sh installs it.");
            }

            Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{port}");
            Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "tester");
            Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "testing");
            await MeasureAsync(directory.CreateSubdirectory("project").FullName);
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync();
            directory.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(string projectDirectory)
    {
        var store = StoreUrl.Open(Repository);
        using (var generated = new GeneratedRepository(Experiments, checkpoints: 10))
        {
            var root = StoreUrl.ToDirectory(generated.Url)!;
            await InParallelAsync(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories), async (file, token) =>
                await store.PutAsync(Path.GetRelativePath(root, file), ObjectContent.FromFile(file), cancellationToken: token));
        }

        await File.WriteAllTextAsync(Path.Combine(projectDirectory, "replicate.yaml"), $"repository: {Repository}\n");
        Console.WriteLine($"| list of {Experiments:N0} experiments | time | requests |");
        Console.WriteLine("|---|---|---|");
        await ListAsync("first", projectDirectory);
        await ListAsync("second", projectDirectory);
        var keys = await store.ListAsync("metadata/experiments/").Select(info => info.Key).Take(Changes).ToListAsync();
        await InParallelAsync(keys, async (key, token) =>
        {
            var text = Encoding.UTF8.GetString((await store.ReadAsync(key, token))!.Content.Span);
            await store.PutAsync(key, ObjectContent.FromBytes(Encoding.UTF8.GetBytes(text.Replace("\"ben\"", "\"eva\"", StringComparison.Ordinal))), cancellationToken: token);
        });
        var changed = await ListAsync($"after {Changes} changes", projectDirectory);
        if (changed.Count != Experiments || changed.Count(experiment => experiment.User == "eva") != Changes)
        {
            throw new InvalidOperationException($"Of {Experiments} experiments {changed.Count} are listed.");
        }
    }

    private static async Task<IReadOnlyList<Experiment>> ListAsync(string name, string projectDirectory)
    {
        var requests = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.request.duration" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref requests));
        listener.Start();
        var watch = Stopwatch.StartNew();
        var experiments = await Project.Open(projectDirectory).Experiments.ListAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {watch.Elapsed.TotalSeconds:F2} s | {requests:N0} |"));
        return experiments;
    }

    private static Task InParallelAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> work) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = ParallelPuts }, work);
}
