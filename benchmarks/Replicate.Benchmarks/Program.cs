// build bench [engine | process] [options]: one part with options for it or, by default, both.
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Replicate.Benchmarks;

var part = args.FirstOrDefault();
if (part is not (null or "engine" or "process"))
{
    Console.Error.WriteLine($"There is no part '{part}': say 'engine' or 'process'.");
    return 2;
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
