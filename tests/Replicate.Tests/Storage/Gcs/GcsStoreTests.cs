using Replicate.Adapters.Gcs;
using Replicate.Storage;
using Replicate.Tests.Storage.Servers;

namespace Replicate.Tests.Storage.Gcs;

/// <summary>The contract on Google's emulator, as far as that goes.</summary>
public sealed class EmulatorTests(TestServers servers) : StoreContract, IAsyncLifetime
{
    private GcsSettings? _settings;
    private GcsStore? _store;

    protected override IObjectStore Store => _store!;

    protected override Conditions Conditions => Conditions.Ignored;

    public async ValueTask InitializeAsync()
    {
        _settings = new GcsSettings(await servers.GoogleAsync());
        _store = new GcsStore($"gs://bucket/a root/{Guid.NewGuid():n}", _settings);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override IObjectStore OpenAgain() => new GcsStore(Store.Url, _settings!);
}

/// <summary>The contract on the stand-in.</summary>
public sealed class StandInTests : StoreContract, IAsyncLifetime
{
    private readonly GcsStandIn _server = new();
    private readonly GcsStore _store;

    public StandInTests() => _store = new GcsStore("gs://bucket", new GcsSettings(_server.Url));

    protected override IObjectStore Store => _store;

    public async ValueTask InitializeAsync()
    {
        // A missing bucket is not an empty store, but an error.
        await PutAsync("first", "");
        await _store.DeleteAsync(["first"], Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override IObjectStore OpenAgain() => new GcsStore(Store.Url, new GcsSettings(_server.Url));

    protected override IObjectStore? OpenOther() => new GcsStore("gs://other/root", new GcsSettings(_server.Url));
}
