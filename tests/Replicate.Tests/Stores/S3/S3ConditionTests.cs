using System.Globalization;
using Replicate.Stores;
using Replicate.Tests.Stores.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Stores.S3;

public class S3ConditionTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_writers_that_extend_an_object_none_is_lost()
    {
        var store = S3TestStore.New(await servers.CephAsync());
        await store.PutAsync("counter", Text("0"), cancellationToken: Token);

        await Parallel.ForAsync(0, 8, Token, async (_, token) =>
        {
            for (var added = 0; added < 5;)
            {
                var there = (await store.ReadAsync("counter", token))!;
                var next = int.Parse(there.Content.Span, CultureInfo.InvariantCulture) + 1;
                added += await store.PutAsync("counter", Text(next.ToString(CultureInfo.InvariantCulture)), PutCondition.IfVersion(there.Version), token) is null ? 0 : 1;
            }
        });

        Assert.Equal("40"u8.ToArray(), (await store.ReadAsync("counter", Token))!.Content.ToArray());
    }

    [Fact]
    public async Task A_server_that_refuses_the_quoted_etag_gets_it_bare()
    {
        using var notices = new VerboseNotices();
        var store = S3TestStore.New(await servers.CephAsync());

        var first = (await store.PutAsync("a", Text("1"), PutCondition.IfAbsent, Token))!;
        var second = await store.PutAsync("a", Text("2"), PutCondition.IfVersion(first), Token);

        Assert.NotNull(second);
        Assert.Null(await store.PutAsync("a", Text("3"), PutCondition.IfVersion(first), Token));
        Assert.DoesNotContain(notices.Lines, line => line.Contains("conditional"));
    }

    [Fact]
    public async Task A_server_without_conditional_writes_is_told_once_and_served_all_the_same()
    {
        using var notices = new VerboseNotices();
        var store = S3TestStore.New(await servers.SwiftAsync());

        var first = (await store.PutAsync("a", Text("1"), PutCondition.IfAbsent, Token))!;
        Assert.Null(await store.PutAsync("a", Text("2"), PutCondition.IfAbsent, Token));
        var second = (await store.PutAsync("a", Text("3"), PutCondition.IfVersion(first), Token))!;
        Assert.Null(await store.PutAsync("a", Text("4"), PutCondition.IfVersion(first), Token));

        Assert.Equal(second, (await store.ReadAsync("a", Token))!.Version);
        Assert.Single(notices.Lines, line => line.Contains("no conditional writes"));
    }

    private static ObjectContent Text(string text) => ObjectContent.FromBytes(System.Text.Encoding.UTF8.GetBytes(text));
}
