// build bench [engine | process | remote | checkpoints] [options]: one part with options for it or, by default, the first two.
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Replicate.Benchmarks;

var part = args.FirstOrDefault();
if (part is not (null or "engine" or "process" or "remote" or "checkpoints"))
{
    Console.Error.WriteLine($"There is no part '{part}': say 'engine', 'process', 'remote' or 'checkpoints'.");
    return 2;
}

if (part is "checkpoints")
{
    await CheckpointTimes.PrintAsync();
    return 0;
}

if (part is "remote")
{
    await RemoteTimes.PrintAsync();
    return 0;
}

if (part is not "process")
{
    var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    BenchmarkRunner.Run<ListBenchmarks>(config, [.. args.Skip(1)]);
}

if (part is not "engine")
{
    ProcessTimes.Print();
}

return 0;
