using Replicate.Adapters.Azure;
using Replicate.Storage;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Storage.S3;
using Replicate.Tests.Storage.Servers;

namespace Replicate.Tests.Storage.Azure;

/// <summary>The contract on Azurite, each test in a new container.</summary>
public class AzureStoreTests(TestServers servers) : StoreContract, IAsyncLifetime
{
    private AzureSettings? _settings;
    private AzureStore? _store;

    protected override IObjectStore Store => _store!;

    /// <summary>The root in the container; null for none.</summary>
    protected virtual string? Root => null;

    public async ValueTask InitializeAsync()
    {
        _settings = await servers.AzuriteAsync();
        _store = AzureTestStore.New(_settings, Root);

        // A missing container is not an empty store, but an error.
        await _store.PutAsync("first", Text(""), cancellationToken: Cancellation);
        await _store.DeleteAsync(["first"], Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected override IObjectStore OpenAgain() => new AzureStore(Store.Url, _settings!);

    protected override IObjectStore? OpenOther() => new AzureStore($"az://tester/{S3TestStore.NewBucket()}/other root", _settings!);
}

/// <summary>The same below a root.</summary>
public sealed class AzureWithRootTests(TestServers servers) : AzureStoreTests(servers)
{
    protected override string? Root => "a root/ü";
}

public sealed class AzureFaultTests(TestServers servers) : Faults.FaultContract
{
    private AzureSettings? _settings;

    protected override async Task<string> ServerAsync() => (_settings = await servers.AzuriteAsync()).Endpoint!;

    protected override IObjectStore Open(string endpoint) => AzureTestStore.New(_settings! with { Endpoint = endpoint });
}
