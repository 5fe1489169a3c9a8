using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Replicate.Adapters;
using Replicate.Storage;

namespace Replicate.Benchmarks;

/// <summary>Times listing a repository in a bucket of Ceph's S3 gateway on loopback, and counts the requests.</summary>
internal static class RemoteTimes
{
    private const int Changes = 10;
    private const int AtOnce = 16;
    private const int Runs = 5;

    /// <summary>What the original's last release asks for its first list of 1,000 experiments, as measured for this project.</summary>
    private const int RequestsOfOriginal = 2_003;

    /// <summary>Prints a row per list.</summary>
    public static async Task PrintAsync()
    {
        var port = Random.Shared.Next(10_000, 30_000);
        var directory = Directory.CreateTempSubdirectory("replicate-bench-");
        var script = Checkout.At("tests", "servers", "ceph.sh");
        using var server = Process.Start(new ProcessStartInfo("/bin/sh", [script, directory.CreateSubdirectory("ceph").FullName, $"{port}", "tester", "testing"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            if (await server.StandardOutput.ReadLineAsync() != "ready")
            {
                throw new InvalidOperationException("Ceph did not start: './build.sh test --all' installs it.");
            }

            Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{port}");
            Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "tester");
            Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "testing");
            Console.WriteLine("| experiments of 10 checkpoints | list | time | requests |");
            Console.WriteLine("|---|---|---|---|");
            foreach (var experiments in new[] { 1_000, 10_000 })
            {
                await MeasureAsync(directory.CreateSubdirectory($"project{experiments}").FullName, experiments);
            }
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync();
            directory.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(string projectDirectory, int experiments)
    {
        var repository = $"s3://benchmark/root{experiments}";
        var store = ObjectStores.Open(repository);
        using (var generated = new GeneratedRepository(experiments, checkpoints: 10))
        {
            var root = StoreUrl.ToDirectory(generated.Url)!;
            await InParallelAsync(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories), async (file, token) =>
                await store.PutAsync(Path.GetRelativePath(root, file), ObjectContent.FromFile(file), cancellationToken: token));
        }

        await File.WriteAllTextAsync(Path.Combine(projectDirectory, "replicate.yaml"), $"repository: {repository}\n");
        await ListAsync("first", projectDirectory, experiments);
        await ListAsync("second", projectDirectory, experiments);
        var keys = await store.ListAsync("metadata/experiments/").Select(info => info.Key).ToListAsync();
        await InParallelAsync(keys.Take(Changes), async (key, token) =>
        {
            var text = Encoding.UTF8.GetString((await store.ReadAsync(key, token))!.Content.Span);
            await store.PutAsync(key, ObjectContent.FromBytes(Encoding.UTF8.GetBytes(text.Replace("\"ben\"", "\"eva\"", StringComparison.Ordinal))), cancellationToken: token);
        });
        var changed = await ListAsync($"after {Changes} changes", projectDirectory, experiments);
        if (changed.Count != experiments || changed.Count(experiment => experiment.User == "eva") != Changes)
        {
            throw new InvalidOperationException($"Of {experiments} experiments {changed.Count} are listed.");
        }

        await ListInProcessesAsync(projectDirectory, experiments, store, keys);
    }

    /// <summary>Lists with the command, in turns with as many reads of the same objects as the original makes requests.</summary>
    private static async Task ListInProcessesAsync(string projectDirectory, int experiments, IObjectStore store, List<string> keys)
    {
        var (first, second, reads) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < Runs; i++)
        {
            Directory.Delete(Path.Combine(projectDirectory, ".replicate"), recursive: true);
            first.Add(List(projectDirectory));
            second.Add(List(projectDirectory));
            var watch = Stopwatch.StartNew();
            await InParallelAsync(Enumerable.Range(0, RequestsOfOriginal), async (i, token) => await store.ReadAsync(keys[i % keys.Count], token));
            reads.Add(watch.Elapsed.TotalSeconds);
        }

        Console.WriteLine(Row(experiments, "`replicate ls`, first", Median(first), ""));
        Console.WriteLine(Row(experiments, "`replicate ls`, second", Median(second), ""));
        Console.WriteLine(Row(experiments, "reads alone", Median(reads), $"{RequestsOfOriginal:N0}"));
    }

    private static double List(string projectDirectory) =>
        WholeProcess.Measure($"'{Checkout.Replicate}' ls", projectDirectory, new Dictionary<string, string>())!.Seconds;

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task<IReadOnlyList<Experiment>> ListAsync(string name, string projectDirectory, int count)
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
        Console.WriteLine(Row(count, name, watch.Elapsed.TotalSeconds, $"{requests:N0}"));
        return experiments;
    }

    private static string Row(int experiments, string list, double seconds, string requests) =>
        string.Create(CultureInfo.InvariantCulture, $"| {experiments:N0} | {list} | {seconds:F2} s | {requests} |");

    private static Task InParallelAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> work) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, work);
}
