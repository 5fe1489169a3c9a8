using Replicate.Storage;

namespace Replicate.Benchmarks;

/// <summary>Makes of this process, and of those that it starts, a machine that never saw a repository.</summary>
internal sealed class FreshMachine : IDisposable
{
    private readonly DirectoryInfo _state = System.IO.Directory.CreateTempSubdirectory("replicate-bench-");

    /// <summary>A directory without a project.</summary>
    public string Directory => _state.FullName;

    /// <summary>Forgets all that was read or written before.</summary>
    public void Forget() =>
        Environment.SetEnvironmentVariable("REPLICATE_STATE", _state.CreateSubdirectory(Guid.NewGuid().ToString("n")).FullName);

    /// <summary>The same, for a repository that has no catalog yet.</summary>
    public async Task ForgetAsync(IObjectStore store)
    {
        Forget();
        await store.DeleteAsync(await store.ListAsync("catalog/").Select(info => info.Key).ToListAsync());
    }

    /// <summary>Runs the command for a repository, as this machine.</summary>
    public ProcessRun Run(string command, string repository) =>
        WholeProcess.Measure($"'{Checkout.Replicate}' {command} -R '{repository}'", Directory, new Dictionary<string, string>())!;

    public void Dispose() => _state.Delete(recursive: true);
}
