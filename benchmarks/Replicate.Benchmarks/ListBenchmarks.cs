using BenchmarkDotNet.Attributes;

namespace Replicate.Benchmarks;

/// <summary>Listing through the engine, within one process.</summary>
[ShortRunJob, InProcess, MemoryDiagnoser]
public class ListBenchmarks : IDisposable
{
    private GeneratedRepository? _repository;
    private Project? _project;

    /// <summary>How many experiments there are, of 10 checkpoints each.</summary>
    [Params(1_000)]
    public int Experiments { get; set; }

    [GlobalSetup]
    public void Generate()
    {
        _repository = new GeneratedRepository(Experiments, checkpoints: 10);
        _project = new Project(_repository.Url);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _repository?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public Task<IReadOnlyList<Experiment>> List() => _project!.Experiments.ListAsync();

    [Benchmark]
    public Task<IReadOnlyList<Experiment>> FilterAndSort() =>
        _project!.Experiments.ListAsync(new() { Filter = ["loss < 0.2"], Sort = "learning_rate-desc" });
}
