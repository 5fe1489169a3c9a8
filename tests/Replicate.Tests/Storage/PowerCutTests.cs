using System.Diagnostics;
using System.Security.Cryptography;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

/// <summary>A process that creates, adds, stops, copies and removes on a disk, and power that is cut after each of its calls.</summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _outside = new();
    private readonly Dictionary<string, string> _told = [];
    private readonly HashSet<string> _seen = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _directory.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public async Task Whenever_the_power_is_cut_all_is_whole_and_nothing_is_missing_that_a_durable_call_returned()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "There is no strace.");
        var cuts = new PowerCuts(_directory.Path);
        foreach (var (name, length) in new[] { ("code.txt", 100), ("model.pth", 3000) })
        {
            var content = RandomNumberGenerator.GetBytes(length);
            await File.WriteAllBytesAsync(_directory.Combine(name), content, Token);
            cuts.Add(_directory.Combine(name), content);
        }

        var calls = 0;
        foreach (var printed in cuts.Follow(await TraceAsync("durable", _outside.Combine("state"))))
        {
            if (printed?.Split(' ') is [var what, var id])
            {
                _told[id] = what;
            }

            calls++;
            foreach (var state in cuts.States())
            {
                await CheckAsync(state, $"call {calls}, {_told.Count} calls told of");
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{calls} calls, {_seen.Count} states.");
        Assert.Equal("removed", _told.Values.First());
        Assert.True(_seen.Count > 100);
    }

    [Fact]
    public async Task What_waits_on_this_machine_is_on_the_disk_when_a_durable_call_returns()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "There is no strace.");
        await File.WriteAllBytesAsync(_directory.Combine("model.pth"), RandomNumberGenerator.GetBytes(6_000_000), Token);
        var spool = new Project("file://.replicate", _directory.Path).Workspace.Uploader.Spool.Path;

        // Nobody can send: what would be locked can't be made.
        Directory.CreateDirectory(spool);
        await File.WriteAllTextAsync(Path.Combine(spool, "sending"), "", Token);

        var lines = (await TraceAsync("waiting", Environment.GetEnvironmentVariable("REPLICATE_STATE")!))
            .Select(line => PowerCuts.Readable(line)).ToArray();

        var created = Array.FindIndex(lines, line => line.Contains("\"created ", StringComparison.Ordinal));
        var id = lines[created].Split("\"created ")[1][..64];
        var copies = Path.Combine(spool, "copies");
        Assert.Equal(
            [],
            new[] { $"{copies}/{id}/0", $"{copies}/{id}/list", $"{copies}/{id}", copies, spool, Path.Combine(spool, "operations") }
                .Except(Flushed(lines[..created])));
        var added = Array.FindIndex(lines, line => line.Contains("\"added ", StringComparison.Ordinal));
        Assert.Equal([], new[] { $"{spool}/journal/{id}.jsonl", $"{spool}/journal" }.Except(Flushed(lines[created..added])));
    }

    private static IEnumerable<string> Flushed(string[] lines) =>
        lines.Where(line => line.Contains(" fsync(", StringComparison.Ordinal)).Select(line => line.Split('<', '>')[1]);

    private async Task<string[]> TraceAsync(string what, string state)
    {
        var trace = _outside.Combine("trace");
        var start = new ProcessStartInfo(
            "strace",
            [
                "-f", "-qq", "-y", "-xx", "-s", "1000000", "-e", "signal=none", "-e", $"trace={PowerCuts.Calls}", "-o", trace,
                "dotnet", Path.Combine(AppContext.BaseDirectory, "child/Replicate.Tests.Child.dll"), what, _directory.Path,
            ])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["REPLICATE_STATE"] = state },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var last = (await process.StandardOutput.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        await process.WaitForExitAsync(Token);
        Assert.True(last?.Split(' ')[0] is "removed" or "added", $"'{last}' was told last. {await errors}");
        return await File.ReadAllLinesAsync(trace, Token);
    }

    private async Task CheckAsync(IReadOnlyDictionary<string, byte[]?> state, string moment)
    {
        if (!_seen.Add(NameOf(state)))
        {
            return;
        }

        using var copy = new TemporaryDirectory();
        foreach (var (path, content) in state.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var place = copy.Combine(Path.GetRelativePath(_directory.Path, path));
            if (content is null)
            {
                Directory.CreateDirectory(place);
            }
            else
            {
                await File.WriteAllBytesAsync(place, content, Token);
            }
        }

        using var log = Log.SendTo(new CollectedLog());
        var (experiment, findings) = await ReadAsync(new Project("file://.replicate", copy.Path));
        var (copied, others) = await ReadAsync(new Project("file://other", copy.Path));
        Assert.True(findings.Length + others.Length == 0, $"{moment}: {string.Join(", ", findings.Concat(others))}");
        var least = _told.Values.Any(what => what is "dropping" or "dropped") ? 5 : 6;
        foreach (var (id, what) in _told)
        {
            if (what is "created" or "stopped" or "copied")
            {
                Assert.True(experiment?.Id == id, $"{moment}: the experiment is missing.");
                Assert.True(
                    what == "created" || (experiment is { Status: ExperimentStatus.Completed } && experiment.Checkpoints.Count >= least), $"{moment}: not all of it is there.");
            }

            if (what is "copied" or "removing" or "removed")
            {
                Assert.True(copied is { Status: ExperimentStatus.Completed, Checkpoints.Count: 6 }, $"{moment}: not all of the copy is there.");
            }

            Assert.False(what == "dropped" && experiment?.Checkpoints.Any(checkpoint => checkpoint.Id == id) == true, $"{moment}: what was removed is there.");
            if (what == "added" && !_told.ContainsValue("removing") && !_told.ContainsValue("removed"))
            {
                Assert.True(experiment?.Checkpoints.Any(checkpoint => checkpoint.Id == id) == true, $"{moment}: a checkpoint is missing.");
            }

            Assert.False(what == "removed" && experiment is not null, $"{moment}: what was removed is there.");
        }
    }

    /// <summary>The experiment that is listed, and what of it cannot be read: its saved files are read to their ends and held to their checksums.</summary>
    private static async Task<(Experiment? Experiment, string[] Damage)> ReadAsync(Project project)
    {
        var listed = await project.Experiments.ListAsync(new ExperimentQuery(), cancellationToken: Token);
        var findings = new List<string>();
        await foreach (var finding in project.CheckAsync(cancellationToken: Token))
        {
            if (finding.Severity == FindingSeverity.Error)
            {
                findings.Add($"{finding.Kind} {finding.Path}");
            }
        }

        return (listed.SingleOrDefault(), [.. findings]);
    }

    private static string NameOf(IReadOnlyDictionary<string, byte[]?> state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in state.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{path}\n{content?.Length}\n"));
            hash.AppendData(content ?? []);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
