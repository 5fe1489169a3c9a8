// build bench [part] [options]: one part with options for it; by default the first two.
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Replicate.Benchmarks;

var parts = new Dictionary<string, Func<string[], Task>>
{
    ["engine"] = options => Task.Run(() => BenchmarkRunner.Run<ListBenchmarks>(
        DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)), options)),
    ["process"] = options => Task.Run(() => ProcessTimes.Print(options)),
    ["remote"] = _ => RemoteTimes.PrintAsync(),
    ["catalog"] = CatalogTimes.PrintAsync,
    ["checkpoints"] = _ => CheckpointTimes.PrintAsync(),
    ["report"] = _ => ReportTimes.PrintAsync(),
    ["log"] = _ => Task.Run(RunTimes.PrintLog),
    ["runs"] = options => Task.Run(() => RunTimes.Print(onlyFiles: options is ["files"])),
};
if (args is ["train", var kind])
{
    TrainingProgram.Run(kind);
    return 0;
}

if (args is [var name, ..] && !parts.ContainsKey(name))
{
    Console.Error.WriteLine($"There is no part '{name}': say {string.Join(", ", parts.Keys)}.");
    return 2;
}

try
{
    foreach (var part in args is [var chosen, ..] ? [chosen] : parts.Keys.Take(2).ToArray())
    {
        await parts[part]([.. args.Skip(1)]);
    }

    return 0;
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
