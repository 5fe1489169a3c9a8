// build bench [engine | process] [options]: one part or, by default, both.
using BenchmarkDotNet.Running;
using Replicate.Benchmarks;

var part = args.FirstOrDefault();
if (part is null or "engine")
{
    BenchmarkSwitcher.FromAssembly(typeof(ListBenchmarks).Assembly).Run(part is null ? ["--filter", "*"] : ["--filter", "*", .. args[1..]]);
}

if (part is null or "process")
{
    ProcessTimes.Print();
}

if (part is not (null or "engine" or "process"))
{
    Console.Error.WriteLine($"There is no part '{part}': say 'engine' or 'process'.");
    return 2;
}

return 0;
