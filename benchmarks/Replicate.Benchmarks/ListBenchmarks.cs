using BenchmarkDotNet.Attributes;

namespace Replicate.Benchmarks;

/// <summary>Listing through the engine, within one process.</summary>
[MemoryDiagnoser]
public class ListBenchmarks : IDisposable
{
    private GeneratedRepository? _repository;
    private Project? _project;

    /// <summary>How many experiments there are, of 10 checkpoints each.</summary>
    [Params(1_000)]
    public int Experiments { get; set; }

    /// <summary>Writes the repository.</summary>
    [GlobalSetup]
    public void Generate()
    {
        _repository = new GeneratedRepository(Experiments, checkpoints: 10);
        _project = new Project(_repository.Url);
    }

    /// <summary>Removes the repository.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _repository?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>All, oldest first.</summary>
    [Benchmark]
    public Task<IReadOnlyList<Experiment>> List() => _project!.Experiments.ListAsync();

    /// <summary>Those that a condition leaves, by a param.</summary>
    [Benchmark]
    public Task<IReadOnlyList<Experiment>> FilterAndSort() =>
        _project!.Experiments.ListAsync(new ExperimentQuery { Filter = ["loss < 0.2"], Sort = "learning_rate-desc" });
}
