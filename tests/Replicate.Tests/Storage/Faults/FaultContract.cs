using System.Collections.Concurrent;
using System.Security.Cryptography;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.Faults;

/// <summary>What every store in a cloud bears: a run goes on, with one copy of each object and the right bytes.</summary>
public abstract class FaultContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where the server is.</summary>
    protected abstract Task<string> ServerAsync();

    /// <summary>Opens a store of a bucket that only this test knows, at a URL that stands for the server.</summary>
    protected abstract IObjectStore Open(string endpoint);

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("reset while sent")]
    [InlineData("reset before the answer")]
    [InlineData("reset in the answer")]
    [InlineData("silence")]
    public async Task Everything_arrives_once_though_requests_fail(string kind)
    {
        var seen = new ConcurrentDictionary<string, bool>();
        var silences = 0;
        using var proxy = new FaultProxy(await ServerAsync(), request => !seen.TryAdd($"{request.Method} {request.Target}", true) ? null : kind switch
        {
            "reset while sent" => new Fault.ResetWhileSent(100_000),
            "reset before the answer" => new Fault.ResetWhileAnswered(0),
            "reset in the answer" => new Fault.ResetWhileAnswered(1_000_000),
            "silence" => request.Number % 4 == 2 && Interlocked.Increment(ref silences) <= 2 ? new Fault.Silence(TimeSpan.FromSeconds(5)) : null,
            _ => new Fault.Status(int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture)),
        });
        var store = Open(proxy.Url);
        var (small, large) = (RandomNumberGenerator.GetBytes(50_000), RandomNumberGenerator.GetBytes(20_000_000));
        using var directory = new TemporaryDirectory();
        var file = directory.Combine("weights");
        await File.WriteAllBytesAsync(file, large, Token);

        var first = await store.PutAsync("small", ObjectContent.FromBytes(small), PutCondition.IfAbsent, Token);
        Assert.NotNull(first);
        var second = await store.PutAsync("small", ObjectContent.FromBytes(small.AsMemory(1)), PutCondition.IfVersion(first), Token);
        Assert.NotNull(second);
        await store.PutAsync("file", ObjectContent.FromFile(file), cancellationToken: Token);
        await store.PutAsync("written", ObjectContent.FromWriter((stream, token) => stream.WriteAsync(large, token).AsTask()), cancellationToken: Token);

        Assert.Equal(small[1..], (await store.ReadAsync("small", Token))!.Content.ToArray());
        Assert.Equal(second, (await store.StatAsync("small", Token))!.Version);
        foreach (var key in new[] { "file", "written" })
        {
            using var content = new MemoryStream();
            await using var read = await store.OpenReadAsync(key, cancellationToken: Token);
            await read!.CopyToAsync(content, Token);
            Assert.True(large.AsSpan().SequenceEqual(content.ToArray()), key);
        }

        Assert.Equal(
            [("file", 20_000_000), ("small", 49_999), ("written", 20_000_000)],
            await store.ListAsync("", Token).Select(found => (found.Key, found.Length)).OrderBy(found => found.Key).ToArrayAsync(Token));
        await store.DeleteAsync(["file", "small", "written"], Token);
        Assert.Empty(await store.ListAsync("", Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Throttling_is_waited_out()
    {
        using var proxy = new FaultProxy(await ServerAsync(), request => request.Number is > 3 and < 10 ? new Fault.Status(503) : null);
        var store = Open(proxy.Url);

        await store.PutAsync("a", ObjectContent.FromBytes("x"u8.ToArray()), cancellationToken: Token);
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(await store.ReadAsync("a", Token));
        }
    }

    [Fact]
    public async Task A_condition_that_is_not_met_stays_so_when_the_answer_is_lost()
    {
        var puts = 0;
        using var proxy = new FaultProxy(await ServerAsync(), request =>
            request.Method is "PUT" or "POST" && request.Target.Contains("key") && Interlocked.Increment(ref puts) == 2
                ? new Fault.ResetWhileAnswered(0) : null);
        var store = Open(proxy.Url);

        await store.PutAsync("key", ObjectContent.FromBytes("theirs"u8.ToArray()), cancellationToken: Token);
        Assert.Null(await store.PutAsync("key", ObjectContent.FromBytes("ours"u8.ToArray()), PutCondition.IfAbsent, Token));

        Assert.Equal("theirs"u8.ToArray(), (await store.ReadAsync("key", Token))!.Content.ToArray());
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_cancelled()
    {
        using var proxy = new FaultProxy(await ServerAsync(), _ => new Fault.Silence(TimeSpan.FromMinutes(1)));
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var store = Open(proxy.Url);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.ReadAsync("a", cancelled.Token));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");
    }
}
