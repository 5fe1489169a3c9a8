using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Replicate.Storage;
using Replicate.Storage.Disk;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

/// <summary>What a server makes of a condition.</summary>
public enum Conditions
{
    /// <summary>It holds at the moment of the write.</summary>
    Atomic,

    /// <summary>It is refused as unknown, and the store checks it before the write.</summary>
    Refused,

    /// <summary>It is passed over in silence.</summary>
    Ignored,
}

/// <summary>What every store does. A class per store derives from it and says how an empty one is opened.</summary>
public abstract class StoreContract
{
    /// <summary>The store under test, always the same and empty at first.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>Whether the server may answer that an object is not there in the moment in which it replaces it.</summary>
    protected virtual bool MissesWhatIsReplaced => false;

    /// <summary>The same store as another process would open it.</summary>
    protected abstract IObjectStore OpenAgain();

    /// <summary>What the server behind the store makes of a condition; the store makes the best of it.</summary>
    protected virtual Conditions Conditions => Conditions.Atomic;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_missing_reads_as_nothing()
    {
        Assert.Null(await Store.ReadAsync("a/b.json", Cancellation));
        Assert.Null(await Store.OpenReadAsync("a/b.json", cancellationToken: Cancellation));
        Assert.Null(await Store.StatAsync("a/b.json", Cancellation));
        Assert.Empty(await ListAsync(""));
        Assert.Empty(await ListAsync("a/"));
        await Store.DeleteAsync(["a/b.json"], Cancellation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task What_was_put_is_read_back(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);

        var version = await Store.PutAsync("a/b/c.bin", ObjectContent.FromBytes(bytes), cancellationToken: Cancellation);

        var read = await Store.ReadAsync("a/b/c.bin", Cancellation);
        Assert.Equal(bytes, read!.Content.ToArray());
        Assert.Equal(version, read.Version);
        ObjectInfo[] told = [(await Store.StatAsync("a/b/c.bin", Cancellation))!, .. await ListAsync("a/")];
        Assert.Equal(
            Enumerable.Repeat(new ObjectInfo("a/b/c.bin", length, version!), 2), told.Select(info => info with { LastModified = null, Changed = default }));
        Assert.All(told, info => Assert.InRange((DateTime.UtcNow - info.LastModified!.Value).TotalMinutes, -10, 10));
        Assert.Equal(bytes, await ReadStreamAsync("a/b/c.bin"));
    }

    [Fact]
    public async Task A_part_of_an_object_is_not_an_object()
    {
        await PutAsync("a/b", "x");

        Assert.Null(await Store.ReadAsync("a", Cancellation));
        Assert.Null(await Store.StatAsync("a", Cancellation));
        Assert.Null(await Store.OpenReadAsync("a", cancellationToken: Cancellation));
        Assert.Null(await Store.ReadAsync("a/b/c", Cancellation));
        await Store.DeleteAsync(["a"], Cancellation);
        Assert.Equal("x", await ReadAsync("a/b"));
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(3, null, "3456789")]
    [InlineData(3, 4L, "3456")]
    [InlineData(8, 10L, "89")]
    [InlineData(0, 0L, "")]
    [InlineData(10, null, "")]
    [InlineData(20, 5L, "")]
    public async Task A_range_is_read(long offset, long? length, string expected)
    {
        await PutAsync("range", "0123456789");

        Assert.Equal(expected, Encoding.UTF8.GetString(await ReadStreamAsync("range", offset, length)));
    }

    [Fact]
    public async Task Content_of_unknown_length_is_streamed()
    {
        const int Blocks = 64;
        var block = RandomNumberGenerator.GetBytes(1 << 20);
        using var written = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        await Store.PutAsync("large", ObjectContent.FromWriter(async (stream, token) =>
        {
            for (var i = 0; i < Blocks; i++)
            {
                block[0] = (byte)i;
                written.AppendData(block);
                await stream.WriteAsync(block, token);
            }
        }), cancellationToken: Cancellation);

        await using var read = await Store.OpenReadAsync("large", cancellationToken: Cancellation);
        Assert.Equal(written.GetHashAndReset(), await SHA256.HashDataAsync(read!, Cancellation));
        Assert.Equal(Blocks << 20, (await Store.StatAsync("large", Cancellation))!.Length);
    }

    [Fact]
    public async Task A_file_is_put()
    {
        using var directory = new Support.TemporaryDirectory();
        var file = directory.Write("weights", "heavy");

        await Store.PutAsync("weights", ObjectContent.FromFile(file), cancellationToken: Cancellation);

        Assert.Equal("heavy", await ReadAsync("weights"));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Every_put_changes_the_version()
    {
        Assert.SkipWhen(Conditions == Conditions.Ignored, "This server counts generations by the millisecond.");
        var versions = new HashSet<string?>();
        for (var i = 0; i < 50; i++)
        {
            Assert.True(versions.Add(await PutAsync("same", $"{i:00}")));
        }
    }

    [Fact]
    public async Task A_put_with_a_condition_changes_nothing_where_it_is_not_met()
    {
        Assert.SkipWhen(Conditions == Conditions.Ignored, "This server ignores conditions.");
        Assert.Null(await PutAsync("key", "no", PutCondition.IfVersion("1-1")));
        Assert.Empty(await ListAsync(""));

        var first = await PutAsync("key", "one", PutCondition.IfAbsent);
        Assert.Null(await PutAsync("key", "no", PutCondition.IfAbsent));
        Assert.Null(await PutAsync("key", "no", PutCondition.IfVersion("1-1")));
        var second = await PutAsync("key", "two", PutCondition.IfVersion(first!));
        Assert.Null(await PutAsync("key", "no", PutCondition.IfVersion(first!)));

        Assert.Equal("two", await ReadAsync("key"));
        Assert.Equal(second, (await Store.ReadAsync("key", Cancellation))!.Version);
        Assert.Single(await ListAsync(""));
    }

    [Fact]
    public async Task Of_concurrent_writers_with_a_condition_exactly_one_wins()
    {
        Assert.SkipUnless(Conditions == Conditions.Atomic, "This server has no conditional writes.");
        IObjectStore[] stores = [Store, OpenAgain(), OpenAgain()];
        var absent = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
            stores[i % 3].PutAsync("key", Text($"{i}"), PutCondition.IfAbsent, Cancellation))));
        var version = Assert.Single(absent, result => result is not null);

        var replaced = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
            stores[i % 3].PutAsync("key", Text($"again {i}"), PutCondition.IfVersion(version!), Cancellation))));

        var winner = Assert.Single(Enumerable.Range(0, 12), i => replaced[i] is not null);
        Assert.Equal($"again {winner}", await ReadAsync("key"));
    }

    [Fact]
    public async Task Concurrent_changes_are_all_kept_when_each_is_tried_again()
    {
        Assert.SkipUnless(Conditions == Conditions.Atomic, "This server has no conditional writes.");
        await PutAsync("count", "0");

        // Who writes is in the content, as in metadata: a store knows its own write again by its bytes when an answer is lost.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var store = OpenAgain();
            for (var done = 0; done < 10;)
            {
                var read = await store.ReadAsync("count", Cancellation);
                var next = int.Parse(Encoding.UTF8.GetString(read!.Content.Span).Split(' ')[0], CultureInfo.InvariantCulture) + 1;
                done += await store.PutAsync("count", Text($"{next} {writer}"), PutCondition.IfVersion(read.Version), Cancellation) is null ? 0 : 1;
            }
        })));

        Assert.StartsWith("40 ", await ReadAsync("count"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_keys_are_listed_by_prefix_and_deleted()
    {
        var keys = Enumerable.Range(0, 3_100).Select(i => $"metadata/experiments/{i:x4}.json").ToList();
        await Parallel.ForEachAsync(keys, Cancellation, async (key, token) =>
            await Store.PutAsync(key, Text("{}"), cancellationToken: token));
        await PutAsync("metadata/experiments-old/1", "x");
        await PutAsync("metadata/heartbeats/1.json", "x");
        await PutAsync("other", "x");

        Assert.Equal(keys, Sorted(await ListAsync("metadata/experiments/")));
        Assert.Equal(16, (await ListAsync("metadata/experiments/001")).Count);
        Assert.Equal(["metadata/experiments-old/1"], Sorted(await ListAsync("metadata/experiments-")));
        Assert.Equal(3_102, (await ListAsync("meta")).Count);
        Assert.Equal(3_103, (await ListAsync("")).Count);

        await Store.DeleteAsync([.. keys, "missing"], Cancellation);

        Assert.Equal(["metadata/experiments-old/1", "metadata/heartbeats/1.json", "other"], Sorted(await ListAsync("")));
    }

    [Fact]
    public async Task A_listing_may_begin_and_end_between_keys()
    {
        var ranges = Store.Capabilities.Ranges;
        Assert.SkipWhen(ranges is null, "This store lists whole prefixes.");
        string[] keys = ["ids/-", "ids/0", "ids/9z", "ids/A", "ids/a", "ids/fz", "ids/g", "ids/é", "ids/日本", "other"];
        foreach (var key in keys)
        {
            await PutAsync(key, "x");
        }

        foreach (var (after, before, expected) in new (string?, string?, string[])[]
        {
            (null, null, keys[..9]),
            (null, "ids/0", ["ids/-"]),
            ("ids/:", "ids/a", ["ids/A"]),
            ("ids/g", null, ["ids/é", "ids/日本"]),
            ("ids/A", "ids/g", ["ids/a", "ids/fz"]),
            ("ids/x", "ids/y", []),
            ("a", "z", keys[..9]),
        })
        {
            var found = await CollectAsync(ranges.ListAsync("ids/", after, before, Cancellation));
            Assert.Equal(expected, Sorted(found));
        }
    }

    [Theory]
    [InlineData("checkpoints/1.tar.gz", 100)]
    [InlineData("a+b/50% ü 日本#?.gz", 1)]
    [InlineData("empty", 0)]
    [InlineData("large", 13_000_000)]
    public async Task The_server_copies_from_another_place(string key, int length)
    {
        var target = OpenOther();
        Assert.SkipWhen(target is null, "This server does not copy.");
        var bytes = RandomNumberGenerator.GetBytes(length);
        await Store.PutAsync(key, ObjectContent.FromBytes(bytes), cancellationToken: Cancellation);

        Assert.True(await target.Capabilities.ServerSideCopy!.TryCopyFromAsync(Store, key, Cancellation));

        Assert.Equal(bytes, (await target.ReadAsync(key, Cancellation))!.Content.ToArray());
        Assert.False(await target.Capabilities.ServerSideCopy!.TryCopyFromAsync(new DiskStore(Path.GetTempPath()), key, Cancellation));
    }

    [Theory]
    [InlineData("with space/and more.txt")]
    [InlineData("50%/a%20b")]
    [InlineData("c++/a+b")]
    [InlineData("#1/?a=b&c")]
    [InlineData("ümlaut/日本語/🌭")]
    [InlineData("'quoted'/\"twice\"/<x>")]
    [InlineData(".hidden/.file")]
    [InlineData("{a}[b]*$~`;,=@!")]
    public async Task Any_name_is_a_key(string key)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && key.AsSpan().ContainsAny("?*\"<>"), "Windows has no such file names.");
        await PutAsync(key, key);

        Assert.Equal(key, await ReadAsync(key));
        Assert.Equal([key], Sorted(await ListAsync("")));
        Assert.Equal([key], Sorted(await ListAsync(key[..(key.IndexOf('/') + 1)])));
        await Store.DeleteAsync([key], Cancellation);
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task An_interrupted_writer_leaves_nothing()
    {
        await PutAsync("kept", "old");
        using var cancelled = new CancellationTokenSource();
        ObjectContent Half(Func<Task> end) => ObjectContent.FromWriter(async (stream, token) =>
        {
            await stream.WriteAsync(new byte[200_000], token);
            await end();
            token.ThrowIfCancellationRequested();
        });

        await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync(
            "kept", Half(() => throw new InvalidDataException()), cancellationToken: Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(
            "new/one", Half(cancelled.CancelAsync), PutCondition.IfAbsent, cancelled.Token));

        Assert.Equal("old", await ReadAsync("kept"));
        Assert.Equal(["kept"], Sorted(await ListAsync("")));
        Assert.NotNull(await PutAsync("new/one", "x", PutCondition.IfAbsent));
    }

    [Fact]
    public async Task What_is_read_while_others_write_is_one_of_the_versions_whole()
    {
        var bytes = Enumerable.Range(0, 8).Select(i => Enumerable.Repeat((byte)i, 50_000 + i).ToArray()).ToList();
        await Store.PutAsync("key", ObjectContent.FromBytes(bytes[0]), cancellationToken: Cancellation);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await Store.PutAsync("key", ObjectContent.FromBytes(bytes[i % 8]), cancellationToken: Cancellation);
            }
        }, Cancellation);

        var reader = OpenAgain();
        do
        {
            var stored = await reader.ReadAsync("key", Cancellation);
            if (stored is null && MissesWhatIsReplaced)
            {
                continue;
            }

            var read = stored!.Content.ToArray();
            Assert.Equal(bytes[read[0]], read);
        }
        while (!writing.IsCompleted);

        await writing;
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../../b")]
    [InlineData("./a")]
    [InlineData("a\0b")]
    public async Task What_is_no_key_is_refused(string key)
    {
        Assert.Equal("InvalidKey", (await Assert.ThrowsAsync<ReplicateException>(() => PutAsync(key, "x"))).Id);
        Assert.Equal("InvalidKey", (await Assert.ThrowsAsync<ReplicateException>(() => Store.ReadAsync(key, Cancellation))).Id);
        Assert.Equal("InvalidKey", (await Assert.ThrowsAsync<ReplicateException>(() => Store.DeleteAsync([key], Cancellation))).Id);
    }

    protected static ObjectContent Text(string text) => ObjectContent.FromBytes(Encoding.UTF8.GetBytes(text));

    protected Task<string?> PutAsync(string key, string text, PutCondition condition = default) =>
        Store.PutAsync(key, Text(text), condition, Cancellation);

    protected async Task<string> ReadAsync(string key) =>
        Encoding.UTF8.GetString((await Store.ReadAsync(key, Cancellation))!.Content.Span);

    /// <summary>A store in another place of the same server, which copies by itself; null where the server can't.</summary>
    protected virtual IObjectStore? OpenOther() => null;

    protected Task<List<ObjectInfo>> ListAsync(string prefix) => CollectAsync(Store.ListAsync(prefix, Cancellation));

    private static async Task<List<ObjectInfo>> CollectAsync(IAsyncEnumerable<ObjectInfo> listing)
    {
        var objects = new List<ObjectInfo>();
        await foreach (var item in listing)
        {
            objects.Add(item);
        }

        return objects;
    }

    private async Task<byte[]> ReadStreamAsync(string key, long offset = 0, long? length = null)
    {
        await using var stream = await Store.OpenReadAsync(key, offset, length, Cancellation);
        using var content = new MemoryStream();
        await stream!.CopyToAsync(content, Cancellation);
        return content.ToArray();
    }

    private static IEnumerable<string> Sorted(IEnumerable<ObjectInfo> objects) =>
        objects.Select(item => item.Key).Order(StringComparer.Ordinal);
}
