using System.Globalization;
using Replicate.Adapters.S3;
using Replicate.Storage;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.S3;

public class S3ConditionTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_writers_that_extend_an_object_none_is_lost()
    {
        var store = S3TestStore.New(await servers.CephAsync());
        await store.PutAsync("counter", Text("0"), cancellationToken: Token);

        // Each writes what no other does: by its content a write whose answer was lost is known again.
        await Parallel.ForAsync(0, 8, Token, async (writer, token) =>
        {
            for (var added = 0; added < 5;)
            {
                var there = (await store.ReadAsync("counter", token))!;
                var next = string.Create(CultureInfo.InvariantCulture, $"{CountOf(there) + 1} by {writer}");
                added += await store.PutAsync("counter", Text(next), PutCondition.IfVersion(there.Version), token) is null ? 0 : 1;
            }
        });

        Assert.Equal(40, CountOf((await store.ReadAsync("counter", Token))!));

        static int CountOf(StoredObject stored) =>
            int.Parse(System.Text.Encoding.UTF8.GetString(stored.Content.Span).Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_server_that_refuses_the_quoted_etag_gets_it_bare()
    {
        using var log = new VerboseLog();
        var store = S3TestStore.New(await servers.CephAsync());

        var first = (await store.PutAsync("a", Text("1"), PutCondition.IfAbsent, Token))!;
        var second = await store.PutAsync("a", Text("2"), PutCondition.IfVersion(first), Token);

        Assert.NotNull(second);
        Assert.Null(await store.PutAsync("a", Text("3"), PutCondition.IfVersion(first), Token));
        Assert.DoesNotContain(log.Lines, line => line.Contains("conditional"));
    }

    [Fact]
    public async Task A_server_without_conditional_writes_is_told_once_and_served_all_the_same()
    {
        using var log = new VerboseLog();
        var store = S3TestStore.New(await servers.SwiftAsync());

        var first = (await store.PutAsync("a", Text("1"), PutCondition.IfAbsent, Token))!;
        Assert.Null(await store.PutAsync("a", Text("2"), PutCondition.IfAbsent, Token));
        var second = (await store.PutAsync("a", Text("3"), PutCondition.IfVersion(first), Token))!;
        Assert.Null(await store.PutAsync("a", Text("4"), PutCondition.IfVersion(first), Token));

        Assert.Equal(second, (await store.ReadAsync("a", Token))!.Version);
        Assert.Single(log.Lines, line => line.Contains("no conditional writes"));
    }

    private static ObjectContent Text(string text) => ObjectContent.FromBytes(System.Text.Encoding.UTF8.GetBytes(text));
}
