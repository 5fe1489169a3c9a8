using System.Text;
using Replicate.Adapters;
using Replicate.Storage;

namespace Replicate.Benchmarks;

/// <summary>A repository of made-up experiments of 10 checkpoints in a bucket.</summary>
/// <param name="url">Its URL.</param>
/// <param name="count">How many experiments it has.</param>
internal sealed class FilledBucket(string url, int count)
{
    private const int AtOnce = 16;

    /// <summary>Its URL.</summary>
    public string Url => url;

    /// <summary>How many experiments it has.</summary>
    public int Count => count;

    /// <summary>Its store.</summary>
    public IObjectStore Store { get; } = ObjectStores.Open(url);

    /// <summary>Makes and uploads the experiments.</summary>
    public async Task FillAsync()
    {
        using var generated = new GeneratedRepository(count, checkpoints: 10);
        var root = StoreUrl.ToDirectory(generated.Url)!;
        await InParallelAsync(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories), async (file, token) =>
            await Store.PutAsync(Path.GetRelativePath(root, file), ObjectContent.FromFile(file), cancellationToken: token));
    }

    /// <summary>The keys of the metadata files.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync() =>
        await Store.ListAsync("metadata/experiments/").Select(info => info.Key).ToListAsync();

    /// <summary>Changes metadata files as a program does that knows of no index and no catalog.</summary>
    public Task ChangeAsync(IEnumerable<string> keys) => InParallelAsync(keys, async (key, token) =>
    {
        var text = Encoding.UTF8.GetString((await Store.ReadAsync(key, token))!.Content.Span);
        var changed = text.Replace("\"ben\"", "\"eva\"", StringComparison.Ordinal);
        await Store.PutAsync(key, ObjectContent.FromBytes(Encoding.UTF8.GetBytes(changed)), cancellationToken: token);
    });

    /// <summary>Checks that a list has every experiment, and of so many what they were changed to.</summary>
    public void Check(IReadOnlyList<Experiment> listed, int changed)
    {
        if (listed.Count != count || listed.Count(experiment => experiment.User == "eva") != changed)
        {
            throw new InvalidOperationException($"Of {count} experiments, {changed} of them changed, {listed.Count} are listed, or what was so before.");
        }
    }

    /// <summary>Does something with many things, several at a time.</summary>
    public static Task InParallelAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> work) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, work);
}
