using System.Diagnostics;
using System.Globalization;
using Replicate.Metadata;

namespace Replicate.Reliability.Load;

/// <summary>Much at once, and much of one thing.</summary>
public static class LoadRun
{
    private static readonly (string Name, Func<RunOptions, Scratch, Task<Row>> RunAsync)[] Loads =
    [
        ("tree", TreeAsync), ("experiments", ExperimentsAsync), ("checkpoints", CheckpointsAsync), ("files", FilesAsync), ("writers", Writers.RunAsync),
    ];

    /// <summary>Runs the loads that are named, or all.</summary>
    public static async IAsyncEnumerable<Row> RunAsync(RunOptions options)
    {
        foreach (var (name, runAsync) in Loads)
        {
            if (options.Names.Count == 0 || options.Names.Contains(name))
            {
                using var scratch = new Scratch(inMemory: false);
                yield return await runAsync(options, scratch);
            }
        }
    }

    /// <summary>Paths longer and deeper than most systems are asked for, and names that look the same: saved and checked out.</summary>
    public static async Task<Row> TreeAsync(RunOptions options, Scratch scratch)
    {
        var clock = Stopwatch.StartNew();
        var wide = string.Join('/', Enumerable.Range(0, 3).Select(part => new string((char)('a' + part), 99)));
        var deep = string.Join('/', Enumerable.Repeat("d", 300));
        string[] paths = [$"{wide}/file", $"{deep}/file", "caf\u00e9", "日本/語", .. IsExact(scratch) ? ["cafe\u0301"] : Array.Empty<string>()];
        foreach (var path in paths)
        {
            scratch.Write($"project/tree/{path}", path);
        }

        var experiment = await Open(scratch).Experiments.CreateAsync(new ExperimentOptions { Path = "tree", Heartbeat = HeartbeatMode.None });
        var result = await experiment.CheckOutAsync(null, new CheckOutOptions { OutputDirectory = scratch.At("out") });
        var failures = paths.Where(path => !result.Files.Contains($"tree/{path}") || File.ReadAllText(scratch.At("out", "tree", path)) != path)
            .Select(path => $"'{path}' did not come back").ToList();
        return RowOf("tree", options, "a path of 300 characters, 300 levels, names in NFC and NFD", clock, failures);
    }

    private static async Task<Row> ExperimentsAsync(RunOptions options, Scratch scratch)
    {
        var count = (int)(options.Count ?? 10_000);
        var ids = WriteExperiments(scratch, count, checkpoints: 1);
        var project = Open(scratch);
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var listed = await project.Experiments.ListAsync();
            Expect(failures, "listed", count, listed.Count);
        }

        var filtered = await project.Experiments.ListAsync(new ExperimentQuery { Filter = ["n >= 10", "loss < 0.5"], Sort = "loss-desc" });
        Expect(failures, "filtered", Enumerable.Range(10, count - 10).Count(n => n % 100 < 50), filtered.Count);
        foreach (var id in new[] { ids[0], ids[^1], ids[count / 2] })
        {
            Expect(failures, "completed", 1, (await project.Experiments.GetAsync(id[..12])).Id == id ? 1 : 0);
        }

        return RowOf("experiments", options with { Count = count }, $"{Row.Count(count)} experiments listed twice, filtered, 3 ids completed", clock, failures);
    }

    private static async Task<Row> CheckpointsAsync(RunOptions options, Scratch scratch)
    {
        const int Added = 10;
        var count = (int)(options.Count ?? 10_000);
        WriteExperiments(scratch, 1, count - Added);
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var experiment = (await Open(scratch).Experiments.ListAsync())[0];
        for (var added = 0; added < Added; added++)
        {
            await experiment.CheckpointAsync(new CheckpointOptions { Metrics = new Dictionary<string, object> { ["loss"] = -1 - added, ["n"] = added } });
        }

        await experiment.StopAsync();
        var listed = (await Open(scratch).Experiments.ListAsync())[0];
        Expect(failures, "checkpoints", count, listed.Checkpoints.Count);
        Expect(failures, "steps", count, listed.Checkpoints.Select(checkpoint => checkpoint.Step).Distinct().Count());
        Expect(failures, "best", -Added, Convert.ToInt64(listed.Best()!.Metrics["loss"], CultureInfo.InvariantCulture));
        await listed.DeleteCheckpointAsync(listed.Latest()!);
        Expect(failures, "after one was deleted", count - 1, (await Open(scratch).Experiments.ListAsync())[0].Checkpoints.Count);
        return RowOf("checkpoints", options with { Count = count }, $"an experiment with {Row.Count(count)} checkpoints, the last {Added} added one by one", clock, failures);
    }

    private static async Task<Row> FilesAsync(RunOptions options, Scratch scratch)
    {
        var count = (int)(options.Count ?? 20_000);
        for (var i = 0; i < count; i++)
        {
            scratch.Write(string.Create(CultureInfo.InvariantCulture, $"project/data/{i / 1000}/{i}"), i.ToString(CultureInfo.InvariantCulture));
        }

        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var experiment = await Open(scratch).Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None });
        var checkpoint = await experiment.CheckpointAsync(new CheckpointOptions { Path = "data" });
        await experiment.StopAsync();
        Expect(failures, "saved", count, (await experiment.ListFilesAsync(checkpoint)).Count);
        var result = await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = scratch.At("out") });
        Expect(failures, "checked out", count, result.Files.Count);
        failures.AddRange(result.Files.Where(path => File.ReadAllText(scratch.At("out", path)) != Path.GetFileName(path)).Select(path => $"{path} is wrong"));
        return RowOf("files", options with { Count = count }, $"a checkpoint of {Row.Count(count)} files saved, listed, checked out", clock, failures);
    }

    /// <summary>Writes metadata files as the engine does, without tarballs.</summary>
    /// <returns>The ids.</returns>
    private static List<string> WriteExperiments(Scratch scratch, int count, int checkpoints)
    {
        scratch.Directory("project", ".replicate", "metadata", "experiments");
        scratch.Write("project/.replicate/repository.json", "{\"version\":1}");
        var dice = new Dice(1);
        var created = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var ids = new List<string>();
        for (var n = 0; n < count; n++)
        {
            var id = Convert.ToHexStringLower(dice.Bytes(32));
            ids.Add(id);
            var metadata = new ExperimentMetadata
            {
                Id = id, Created = Timestamp.From(created.AddSeconds(n)), Params = Value.MapFrom(new Dictionary<string, object> { ["n"] = n }),
                Extension = new ExperimentExtension { Version = "0.1.0", NoHeartbeat = true },
                Checkpoints = new CheckpointList([.. Enumerable.Range(0, checkpoints).Select(step => new Checkpoint
                {
                    Id = Convert.ToHexStringLower(dice.Bytes(32)), CreatedAt = Timestamp.From(created.AddSeconds(n + step + 1)), Step = step,
                    Metrics = Value.MapFrom(new Dictionary<string, object> { ["loss"] = n % 100 / 100.0 }),
                    PrimaryMetric = new PrimaryMetric("loss", Goal.Minimize),
                })]),
            };
            File.WriteAllBytes(scratch.At("project", ".replicate", "metadata", "experiments", id + ".json"), MetadataWriter.WriteExperiment(metadata));
        }

        return ids;
    }

    private static Project Open(Scratch scratch) => new("file://.replicate", scratch.Directory("project"));

    /// <summary>Whether two forms of a name are two files here.</summary>
    private static bool IsExact(Scratch scratch) => !File.Exists(Path.Combine(Path.GetDirectoryName(scratch.Write("probe/caf\u00e9", ""))!, "cafe\u0301"));

    private static void Expect(List<string> failures, string what, long expected, long found)
    {
        if (expected != found)
        {
            failures.Add($"{what}: {found} instead of {expected}");
        }
    }

    private static Row RowOf(string name, RunOptions options, string tried, Stopwatch clock, IReadOnlyCollection<string> failures) => new(
        $"load: {name}",
        $"./build.sh reliability load {name}" + (options.Count is { } count ? string.Create(CultureInfo.InvariantCulture, $" --count {count}") : ""),
        $"{tried}; at most {Row.Size(Process.GetCurrentProcess().PeakWorkingSet64)} of memory", clock.Elapsed, failures);
}
