using System.Globalization;
using System.Text;
using Replicate.Recording;
using Replicate.Repositories;
using Replicate.Repositories.Catalog;
using Replicate.Storage;
using Replicate.Tests.Remote;

namespace Replicate.Tests.Repositories.Catalog;

/// <summary>A repository in a store, which machines list that never saw it.</summary>
/// <param name="store">Where it lies, for whoever writes by other means.</param>
internal sealed class CatalogBucket(IObjectStore store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An id of 64 digits.</summary>
    public static string Id(int number) => number.ToString("x4", CultureInfo.InvariantCulture) + new string('a', 60);

    /// <summary>What an experiment looks like in <see cref="ListAsync"/>.</summary>
    public static string Row(int number, string command) => $"{Id(number)} {command}";

    /// <summary>The keys of the layers.</summary>
    public ValueTask<List<string>> LayersAsync() => store.ListAsync(RepositoryKeys.CatalogPrefix, Token).Select(info => info.Key).ToListAsync(Token);

    /// <summary>The ids and versions in all layers.</summary>
    public async Task<List<(string Id, string Version)>> EntriesAsync()
    {
        var found = new List<(string, string)>();
        foreach (var key in await LayersAsync())
        {
            await using var layer = (await store.OpenReadAsync(key, cancellationToken: Token))!;
            await foreach (var block in LayerFormat.ReadBlocksAsync(layer, Token))
            {
                LayerFormat.ReadEntries(block, (id, version, _) => found.Add((id, version)));
            }
        }

        return found;
    }

    /// <summary>Writes the metadata of experiments that ended, as a program would that knows of no catalog.</summary>
    public Task WriteAsync(IEnumerable<int> numbers, string command) =>
        Parallel.ForEachAsync(numbers, Token, async (number, token) => await store.PutAsync(
            RepositoryKeys.Metadata(Id(number)), ObjectContent.FromBytes(Content(number, command)), cancellationToken: token));

    /// <summary>The bytes of such a file.</summary>
    public static byte[] Content(int number, string command) => Encoding.UTF8.GetBytes($$"""
        {"id": "{{Id(number)}}", "created": "2020-09-01T21:42:25Z", "params": {"number": {{number}}}, "command": "{{command}}", "checkpoints": []}
        """);

    /// <summary>Puts a layer.</summary>
    public async Task<string> PutLayerAsync(params (string Id, string Version, byte[] Content)[] entries)
    {
        var writer = new LayerWriter();
        Array.ForEach(entries, entry => writer.Add(entry.Id, entry.Version, entry.Content));
        var key = RepositoryKeys.CatalogLayer(Guid.NewGuid().ToString("n")[..16], entries.Length);
        await store.PutAsync(key, ObjectContent.FromBytes(writer.Take().Single().Bytes), cancellationToken: Token);
        return key;
    }

    /// <summary>Lists on a machine that never saw the repository, and waits for what it writes after that.</summary>
    /// <param name="open">Opens the store as that machine does; null for the one of this bucket.</param>
    /// <returns>Ids with commands.</returns>
    public async Task<string[]> ListAsync(Func<IObjectStore>? open = null)
    {
        using var machine = Fresh(open);
        var listed = await machine.Project.Experiments.ListAsync(cancellationToken: Token);
        await machine.WrittenAsync();
        return [.. listed.Select(experiment => $"{experiment.Id} {experiment.Command}").Order(StringComparer.Ordinal)];
    }

    /// <summary>A machine that never saw the repository, and its own process.</summary>
    public Machine Fresh(Func<IObjectStore>? open = null) => new(open ?? (() => store), new ProcessLifetime());
}

internal static class CatalogSteps
{
    /// <summary>Waits for what the process of a machine writes to catalogs.</summary>
    public static Task WrittenAsync(this Machine machine) => machine.Project.Workspace.Lifetime.Catalogs.EndAsync();
}
