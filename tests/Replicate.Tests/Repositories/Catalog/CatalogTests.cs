using System.Globalization;
using Replicate.Configuration;
using Replicate.Recording;
using Replicate.Repositories;
using Replicate.Repositories.Catalog;
using Replicate.Storage;
using Replicate.Storage.Disk;
using Replicate.Tests.Integrity;
using Replicate.Tests.Remote;
using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories.Catalog;

/// <summary>The catalog in a directory that says it is a bucket.</summary>
public sealed class CatalogTests : IDisposable
{
    private const int Count = 20;

    private readonly TemporaryDirectory _directory = new();
    private readonly CountingStore _store;
    private readonly CatalogBucket _bucket;

    public CatalogTests()
    {
        _store = new CountingStore(_directory.Path, $"s3://catalog/{Guid.NewGuid():n}");
        _bucket = new CatalogBucket(_store);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string[] First { get; } = [.. Enumerable.Range(0, Count).Select(number => CatalogBucket.Row(number, "first"))];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Layers_are_merged_so_that_a_fresh_machine_reads_few_of_them()
    {
        await WriteFirstAsync();
        for (var round = 1; round <= 12; round++)
        {
            await _bucket.WriteAsync(Enumerable.Range(round * Count, Count), "first");
            Assert.Equal((round + 1) * Count, (await _bucket.ListAsync()).Length);
            Assert.InRange((await _bucket.LayersAsync()).Count, 1, 5);
        }

        _store.TakeCounts();
        Assert.Equal(13 * Count, (await _bucket.ListAsync()).Length);
        var (lists, reads) = _store.TakeCounts();
        Assert.Equal(3, lists);
        Assert.InRange(reads, 2, 1 + 5 + 5); // repository.json, layers, and again those that are merged.
    }

    [Fact]
    public async Task Any_damage_costs_time_only()
    {
        await WriteFirstAsync();
        await _bucket.ListAsync();
        var path = Path.Combine(_directory.Path, Assert.Single(await _bucket.LayersAsync()));
        var good = await File.ReadAllBytesAsync(path, Token);
        for (var place = 0; place < good.Length; place += 11)
        {
            var damaged = good.ToArray();
            damaged[place] ^= 0x20;
            await File.WriteAllBytesAsync(path, damaged, Token);
            Assert.Equal(First, await ListOnlyAsync());

            await File.WriteAllBytesAsync(path, good[..place], Token);
            Assert.Equal(First, await ListOnlyAsync());
        }

        File.Delete(path);
        Assert.Equal(First, await _bucket.ListAsync());
    }

    [Fact]
    public async Task A_damaged_layer_is_replaced_by_the_next_list_that_may_write()
    {
        await WriteFirstAsync();
        await _bucket.ListAsync();
        var layer = Assert.Single(await _bucket.LayersAsync());
        await _store.PutAsync(layer, ObjectContent.FromBytes("torn"u8.ToArray()), cancellationToken: Token);

        Assert.Equal(First, await _bucket.ListAsync());
        Assert.NotEqual(layer, Assert.Single(await _bucket.LayersAsync()));
        _store.TakeCounts();
        Assert.Equal(First, await _bucket.ListAsync());
        Assert.Equal((3, 2), _store.TakeCounts());
    }

    [Fact]
    public async Task A_layer_that_expands_to_more_than_it_is_worth_is_left()
    {
        await WriteFirstAsync();
        var zeros = LayerFormat.WriteBlock(new byte[LayerFormat.FullBlock]);
        await _store.PutAsync(
            RepositoryKeys.CatalogLayer("0123456789abcdef", 1), ObjectContent.FromBytes(LayerFormat.WriteLayer([.. Enumerable.Repeat(zeros, 40)])),
            cancellationToken: Token);

        Assert.Equal(First, await ListOnlyAsync());
        Assert.Contains(await FindingsAsync(), found => found.Kind == FindingKind.CatalogDamaged);
    }

    [Fact]
    public async Task Far_too_many_layers_are_not_all_read()
    {
        await WriteFirstAsync();
        for (var number = 0; number < 1_200; number++)
        {
            _directory.Write(RepositoryKeys.CatalogLayer(number.ToString("x16", CultureInfo.InvariantCulture), 1_000_000), "x");
        }

        var reader = new ReadingStore(_directory.Path, _store.Url);
        Assert.Equal(First, await _bucket.ListAsync(() => reader));
        Assert.InRange(reader.Reads, Count, Count + 1 + (2 * 8)); // Few layers are read, and once more to be merged.
    }

    [Theory]
    [InlineData("another experiment")]
    [InlineData("another length")]
    [InlineData("an old version")]
    [InlineData("no metadata")]
    [InlineData("an experiment that is not there")]
    public async Task A_forged_entry_is_not_believed(string forged)
    {
        await WriteFirstAsync();
        var info = (await _store.StatAsync(RepositoryKeys.Metadata(CatalogBucket.Id(5)), Token))!;
        var content = CatalogBucket.Content(5, "bogus"); // As long as what is there.
        Assert.Equal(info.Length, content.Length);
        await _bucket.PutLayerAsync(forged switch
        {
            "another experiment" => (CatalogBucket.Id(5), info.Version, CatalogBucket.Content(6, "bogus")),
            "another length" => (CatalogBucket.Id(5), info.Version, [.. content, (byte)' ']),
            "an old version" => (CatalogBucket.Id(5), info.Version + "0", content),
            "no metadata" => (CatalogBucket.Id(5), info.Version, new byte[content.Length]),
            _ => (CatalogBucket.Id(Count), info.Version, CatalogBucket.Content(Count, "bogus")),
        });
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            Assert.Equal(First, await ListOnlyAsync());
        }

        Assert.Empty(log.Warnings);
    }

    [Fact]
    public async Task A_wrong_entry_in_the_right_version_is_found_and_mended_and_gets_into_no_file()
    {
        await WriteFirstAsync();
        await _bucket.ListAsync();
        var info = (await _store.StatAsync(RepositoryKeys.Metadata(CatalogBucket.Id(5)), Token))!;
        await _store.DeleteAsync(await _bucket.LayersAsync(), Token);
        var layer = await _bucket.PutLayerAsync((CatalogBucket.Id(5), info.Version, CatalogBucket.Content(5, "bogus")));
        using var machine = _bucket.Fresh();
        await machine.Project.Experiments.ListAsync(cancellationToken: Token);
        await machine.WrittenAsync();

        // What changes an experiment reads the file, and not what a list said.
        var experiment = await machine.Project.Experiments.GetAsync(CatalogBucket.Id(5), Token);
        await experiment.SetAsync(["kept"], null, Token);
        await machine.WrittenAsync();
        Assert.Contains("\"command\": \"first\"", await File.ReadAllTextAsync(Path.Combine(_directory.Path, RepositoryKeys.Metadata(experiment.Id)), Token), StringComparison.Ordinal);
        Assert.Equal(First, await ListOnlyAsync());

        var version = (await _store.StatAsync(RepositoryKeys.Metadata(CatalogBucket.Id(6)), Token))!.Version;
        layer = await _bucket.PutLayerAsync((CatalogBucket.Id(6), version, CatalogBucket.Content(6, "bogus")));
        var finding = Assert.Single(await FindingsAsync(), found => found.Kind == FindingKind.CatalogDamaged);
        Assert.Equal((layer, FindingSeverity.Warning), (finding.Path, finding.Severity));
        Assert.True((await machine.Project.RepairAsync(finding, Token)).IsMended);
        Assert.DoesNotContain(await FindingsAsync(), found => found.Kind == FindingKind.CatalogDamaged);
        Assert.Equal(First, await _bucket.ListAsync());
        Assert.Equal("first", (await machine.Project.Experiments.GetAsync(CatalogBucket.Id(6), Token)).Command);
    }

    [Fact]
    public async Task What_is_deleted_leaves_the_catalog_with_Sync_or_a_list_a_day_later()
    {
        await WriteFirstAsync();
        await _bucket.ListAsync();
        await DeleteAsync(3);
        await _bucket.ListAsync();
        Assert.Contains(await _bucket.EntriesAsync(), entry => entry.Id == CatalogBucket.Id(3));

        foreach (var layer in await _bucket.LayersAsync())
        {
            File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, layer), DateTime.UtcNow - TimeSpan.FromHours(25));
        }

        await _bucket.ListAsync();
        Assert.DoesNotContain(await _bucket.EntriesAsync(), entry => entry.Id == CatalogBucket.Id(3));
        Assert.Equal(Count - 1, (await _bucket.EntriesAsync()).Count);

        await DeleteAsync(4);
        using var machine = _bucket.Fresh();
        Assert.Equal(Count - 2, await machine.Project.Experiments.RefreshAsync(cancellationToken: Token));
        Assert.DoesNotContain(await _bucket.EntriesAsync(), entry => entry.Id == CatalogBucket.Id(4));
        Assert.Single(await _bucket.LayersAsync());
    }

    [Fact]
    public async Task Sync_puts_all_into_one_layer_and_few_experiments_too()
    {
        await _bucket.WriteAsync(Enumerable.Range(0, 3), "first");
        using var machine = _bucket.Fresh();
        await machine.Project.Experiments.RefreshAsync(cancellationToken: Token);
        Assert.Equal(3, (await _bucket.EntriesAsync()).Count);

        await _bucket.WriteAsync([1, 3], "second");
        await machine.Project.Experiments.RefreshAsync(cancellationToken: Token);
        Assert.Single(await _bucket.LayersAsync());
        Assert.Equal(4, (await _bucket.EntriesAsync()).Count);
        var layer = Assert.Single(await _bucket.LayersAsync());
        await machine.Project.Experiments.RefreshAsync(cancellationToken: Token);
        Assert.Equal(layer, Assert.Single(await _bucket.LayersAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_that_is_longer_than_all_files_is_dropped_unread(bool isSynced)
    {
        await WriteFirstAsync();
        await _bucket.ListAsync();
        var good = Assert.Single(await _bucket.LayersAsync());
        var useless = RepositoryKeys.CatalogLayer("0123456789abcdef", 1);
        await _store.PutAsync(useless, ObjectContent.FromBytes(new byte[100_000]), cancellationToken: Token);
        _store.TakeCounts();
        using var machine = _bucket.Fresh();

        Assert.Equal(Count, isSynced ? await machine.Project.Experiments.RefreshAsync(cancellationToken: Token) : (await machine.ListAsync()).Count);
        await machine.WrittenAsync();
        Assert.Equal((3, 2), _store.TakeCounts());
        Assert.Equal([good], await _bucket.LayersAsync());
    }

    [Fact]
    public async Task What_runs_is_not_written_before_it_ends()
    {
        await WriteFirstAsync();
        _directory.Write(
            RepositoryKeys.Heartbeat(CatalogBucket.Id(2)),
            $$"""{"experiment_id": "{{CatalogBucket.Id(2)}}", "last_heartbeat": "{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}}"}""");

        Assert.Equal(First, await _bucket.ListAsync());
        Assert.Equal(Enumerable.Range(0, Count).Where(number => number != 2).Select(CatalogBucket.Id), (await _bucket.EntriesAsync()).Select(entry => entry.Id).Order());
    }

    [Fact]
    public async Task A_list_of_few_changes_writes_nothing_and_a_known_repository_is_not_asked_for_its_catalog()
    {
        await WriteFirstAsync();
        using var machine = _bucket.Fresh();
        await machine.ListAsync();
        await machine.WrittenAsync();
        await _bucket.WriteAsync([1, 2, 3], "other");
        _store.TakeCounts();
        var writes = _store.Writes;

        Assert.Equal(3, (await machine.ListAsync()).Count(experiment => experiment.Command == "other"));
        await machine.WrittenAsync();
        Assert.Equal((2, 1 + 3), _store.TakeCounts());
        Assert.Equal(writes, _store.Writes);
    }

    [Fact]
    public async Task A_repository_that_somebody_elses_project_names_is_not_written_to_by_a_list()
    {
        await WriteFirstAsync();
        var project = _directory.Write("elsewhere/replicate.yaml", $"repository: {_store.Url}\n");
        var configuration = ProjectConfiguration.Resolve(null, null, Path.GetDirectoryName(project)!, null);
        var lifetime = new ProcessLifetime();

        Assert.Equal(Count, (await new Project(configuration, () => _store, lifetime).Experiments.ListAsync(cancellationToken: Token)).Count);
        await lifetime.Catalogs.EndAsync();
        Assert.Empty(await _bucket.LayersAsync());
    }

    [Fact]
    public async Task A_repository_on_a_disk_has_no_catalog()
    {
        using var disk = new Machine(() => new DiskStore(_directory.Combine("disk")), new ProcessLifetime());
        for (var run = 0; run < Count; run++)
        {
            await (await disk.Project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token))
                .StopAsync(cancellationToken: Token);
        }

        using var other = new Machine(() => new DiskStore(_directory.Combine("disk")), new ProcessLifetime());
        Assert.Equal(Count, await other.Project.Experiments.RefreshAsync(cancellationToken: Token));
        await disk.WrittenAsync();
        Assert.False(Directory.Exists(_directory.Combine("disk", "catalog")));
    }

    [Fact]
    public async Task Who_may_add_and_not_delete_makes_no_catalog_of_more_and_more_layers()
    {
        await WriteFirstAsync();
        for (var number = 0; number < 6; number++)
        {
            await _bucket.PutLayerAsync((CatalogBucket.Id(number), (await _store.StatAsync(RepositoryKeys.Metadata(CatalogBucket.Id(number)), Token))!.Version, CatalogBucket.Content(number, "first")));
        }

        await _bucket.WriteAsync(Enumerable.Range(0, Count + 1), "other");
        var adding = new AddingStore(_directory.Path, _store.Url);
        for (var list = 0; list < 3; list++)
        {
            Assert.Equal(Count + 1, (await _bucket.ListAsync(() => adding)).Length);
        }

        Assert.Equal(6 + 1, (await _bucket.LayersAsync()).Count);
    }

    private Task WriteFirstAsync()
    {
        _directory.Write(RepositoryKeys.Specification, """{"version":1}""");
        return _bucket.WriteAsync(Enumerable.Range(0, Count), "first");
    }

    private Task DeleteAsync(int number) => _store.DeleteAsync([RepositoryKeys.Metadata(CatalogBucket.Id(number))], Token);

    /// <summary>Lists on a fresh machine that may not write.</summary>
    private Task<string[]> ListOnlyAsync() => _bucket.ListAsync(() => new ReadingStore(_directory.Path, _store.Url));

    private async Task<List<Finding>> FindingsAsync()
    {
        using var machine = _bucket.Fresh();
        return await machine.Project.FindingsAsync();
    }

    private static ReplicateException Refusal() => new(ErrorKind.PermissionDenied, "AccessDenied", "It is refused.", "Ask for the right.");

    private class AddingStore(string directory, string url) : CountingStore(directory, url)
    {
        public override Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) => throw Refusal();
    }

    private sealed class ReadingStore(string directory, string url) : AddingStore(directory, url)
    {
        public override Task<string?> PutAsync(
            string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default) => throw Refusal();
    }
}
