using System.Collections.Concurrent;
using Replicate.Adapters.S3;
using Replicate.Storage;
using Replicate.Tests.Storage.Servers;

namespace Replicate.Tests.Storage.S3;

/// <summary>The contract on an S3 server: each test in a new bucket, or below a root of its own in one bucket of all.</summary>
public abstract class S3StoreTests : StoreContract, IAsyncLifetime
{
    private static readonly ConcurrentDictionary<S3Settings, string> Shared = new();

    private S3Settings? _settings;
    private S3Store? _store;

    protected override IObjectStore Store => _store!;

    /// <summary>Whether the repository has a root in the bucket.</summary>
    protected virtual bool HasRoot => false;

    public async ValueTask InitializeAsync()
    {
        _settings = await StartAsync();
        _store = HasRoot
            ? new S3Store($"s3://{Shared.GetOrAdd(_settings, _ => S3TestStore.NewBucket())}/a root/{Guid.NewGuid():n}", _settings)
            : S3TestStore.New(_settings);

        // A missing bucket is not an empty store, but an error.
        await _store.PutAsync("first", Text(""), cancellationToken: Cancellation);
        await _store.DeleteAsync(["first"], Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal abstract Task<S3Settings> StartAsync();

    protected override IObjectStore OpenAgain() => new S3Store(Store.Url, _settings!);

    protected override IObjectStore? OpenOther() =>
        new S3Store($"s3://{S3TestStore.NewBucket()}/other root", _settings!) { CopiedPartLength = 5 << 20 };
}

public sealed class CephTests(TestServers servers) : S3StoreTests
{
    internal override Task<S3Settings> StartAsync() => servers.CephAsync();
}

public sealed class CephWithRootTests(TestServers servers) : S3StoreTests
{
    protected override bool HasRoot => true;

    internal override Task<S3Settings> StartAsync() => servers.CephAsync();
}

public sealed class SwiftTests(TestServers servers) : S3StoreTests
{
    protected override bool HasRoot => true;

    // It finds the newest file of an object, and then opens it, which may be gone by then.
    protected override bool MissesWhatIsReplaced => true;

    protected override Conditions Conditions => Conditions.Refused;

    internal override Task<S3Settings> StartAsync() => servers.SwiftAsync();
}
