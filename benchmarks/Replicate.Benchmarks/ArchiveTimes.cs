using System.Diagnostics;
using System.Globalization;
using Replicate.Archives.CheckingOut;
using Replicate.Archives.Reading;
using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;
using Replicate.Storage.Disk;

namespace Replicate.Benchmarks;

/// <summary>
/// Times saving and checking out beside <c>pigz</c>, <c>tar</c> and <c>cp</c>, in turns, and beside the original's figures. Those
/// are of a machine that had nothing else to do, so they are scaled by what pigz takes now.
/// </summary>
internal static class ArchiveTimes
{
    /// <summary>What <c>pigz -6 -p2</c> takes for the 100 MB of text on such a machine when it has nothing else to do, in seconds.</summary>
    private const double QuietPigz = 2.0;

    private const int Turns = 5;
    private const int MB = 1 << 20;
    private const string Id = "8ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b3";

    /// <summary>Prints a row per work: our time, that of the peer, the median of the ratios of the turns.</summary>
    public static async Task PrintAsync()
    {
        var directory = Directory.CreateTempSubdirectory("replicate-bench-");
        try
        {
            var files = new ArchiveFiles(directory.FullName);
            Console.WriteLine("| work | ours (processor) | beside | ratio | size beside `pigz -6` |");
            Console.WriteLine("|---|---|---|---|---|");
            await SaveAsync("100 MB of weights", files.Weights(100), Original(files, 0.136));
            await SaveAsync("100 MB of text", files.Text(100), Original(files, 0.936));
            await SaveAsync("200 files of 1 MB of text", files.Texts("texts", 200, MB), Original(files, 1.91));
            var small = files.Texts("small", 10_000, 4096);
            await SaveAsync("10,000 files of 4 KB", small, ("`tar c | pigz -p2`", () => Run($"tar c '{small}' 2>/dev/null | pigz -6 -p2 > '{small}.peer'")));
            await CheckOutAsync("random bytes", files.Random(200), Original(files, 0.26), table: true);
            await CheckOutAsync("random bytes, no table", files.Random(200), Original(files, 0.26), table: false);
            await CheckOutAsync("text", files.Text(200), Original(files, 1.44), table: true);
            await CheckOutAsync("text, no table", files.Text(200), Original(files, 1.44), table: false);
            await OpenOneAsync(files.Randoms(1000));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Saves and checks out 5 GB, and prints the highest memory seen; in a process of its own.</summary>
    public static async Task PrintMemoryAsync()
    {
        var directory = Directory.CreateTempSubdirectory("replicate-bench-");
        try
        {
            var files = new ArchiveFiles(directory.FullName);
            foreach (var (name, saved) in new[] { ("random bytes", files.Random(5120)), ("text", files.Text(5120)) })
            {
                await WriteAsync(saved, saved + ".tar.gz", new());
                Console.WriteLine($"| saving 5 GB of {name} | {Peak()} MiB |");
                await ReadAsync(saved + ".tar.gz", saved + ".out");
                Console.WriteLine($"| and checking them out | {Peak()} MiB |");
                Directory.Delete(saved + ".out", recursive: true);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static long Peak() => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

    private static (string, Func<double>) Original(ArchiveFiles files, double seconds) => (
        "original, scaled",
        () => Run($"pigz -6 -p2 -c '{files.Text(100)}/file' > '{files.Text(100)}.peer'") / QuietPigz * seconds);

    private static async Task SaveAsync(string work, string saved, (string Name, Func<double> Run) peer)
    {
        var tarball = saved + ".tar.gz";
        var flush = 0.0;
        await CompareAsync("save " + work, peer, async () =>
        {
            var (written, flushed) = await WriteAsync(saved, tarball, new());
            flush = flushed;
            return written;
        }, () =>
        {
            Run($"tar c --sort=name '{saved}' 2>/dev/null | pigz -6 -p2 > '{saved}.size'");
            return Invariant($"{(double)new FileInfo(tarball).Length / new FileInfo(saved + ".size").Length:F3} (and {flush:F2} s to flush it)");
        });
    }

    private static async Task CheckOutAsync(string work, string saved, (string Name, Func<double> Run) peer, bool table)
    {
        var tarball = saved + ".tar.gz";
        await WriteAsync(saved, tarball, new());
        if (!table)
        {
            // The footer is gone: what is left is read as if there had never been a table.
            await using var file = new FileStream(tarball, FileMode.Open);
            file.SetLength(file.Length - 94);
        }

        await CompareAsync("check out 200 MB of " + work, peer, () => ReadAsync(tarball, saved + ".out"));
    }

    private static async Task OpenOneAsync(string saved)
    {
        var tarball = saved + ".tar.gz";
        await WriteAsync(saved, tarball, new());
        var full = await ReadAsync(tarball, saved + ".out");
        await CompareAsync("open one 1 MB file of 1 GB", ("checking out all", () => full), async () =>
        {
            var watch = Stopwatch.StartNew();
            await using var content = await ArchiveReader.OpenAsync(Id, await FindAsync(tarball), "00500");
            await content!.CopyToAsync(Stream.Null);
            return watch.Elapsed.TotalSeconds;
        });
    }

    private static async Task CompareAsync(string work, (string Name, Func<double> Run) peer, Func<Task<double>> run, Func<string>? size = null)
    {
        await run();
        var before = Environment.CpuUsage.TotalTime;
        var turns = new List<(double Ours, double Theirs)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            turns.Add((await run(), peer.Run()));
        }

        var used = Environment.CpuUsage.TotalTime - before;
        var ratios = turns.Select(turn => turn.Ours / turn.Theirs).Order().ToList();
        Console.WriteLine(Invariant(
            $"| {work} | {Median(turns.Select(turn => turn.Ours)):F3} s ({used.TotalSeconds / Turns:F2} s) | {peer.Name}: {Median(turns.Select(turn => turn.Theirs)):F3} s | {Median(ratios):F3} ({ratios[0]:F3}-{ratios[^1]:F3}) | {size?.Invoke()} |"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Turns / 2);

    private static async Task<(double Written, double Flushed)> WriteAsync(string directory, string tarball, ArchiveOptions options)
    {
        File.Delete(tarball);
        var watch = Stopwatch.StartNew();
        await using var output = new FileStream(tarball, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        await ArchiveWriter.WriteAsync(Id, FileSelection.Select(directory, ".", []), output, options);
        await output.FlushAsync();
        var written = watch.Elapsed.TotalSeconds;
        output.Flush(flushToDisk: true);
        return (written, watch.Elapsed.TotalSeconds - written);
    }

    private static async Task<double> ReadAsync(string tarball, string target)
    {
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        var watch = Stopwatch.StartNew();
        await using var checkOut = new CheckOut(target, null);
        await checkOut.AddAsync(Id, await FindAsync(tarball));
        checkOut.Commit();
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<ArchiveFile> FindAsync(string tarball)
    {
        var store = new DiskStore(Path.GetDirectoryName(tarball)!);
        var key = Path.GetFileName(tarball);
        return new ArchiveFile(
            (await store.StatAsync(key))!.Length, async (offset, length, token) => (await store.OpenReadAsync(key, offset, length, token))!);
    }

    private static double Run(string command)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start("/bin/sh", ["-c", command]);
        process.WaitForExit();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"'{command}' failed.");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
