using Replicate.Adapters.S3;
using Replicate.Storage;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Storage.Servers;

namespace Replicate.Tests.Storage.S3;

public sealed class CephFaultTests(TestServers servers) : FaultContract
{
    private S3Settings? _settings;

    protected override async Task<string> ServerAsync() => (_settings = await servers.CephAsync()).Endpoint!;

    protected override IObjectStore Open(string endpoint) => S3TestStore.New(_settings! with { Endpoint = endpoint });
}

public sealed class SwiftFaultTests(TestServers servers) : FaultContract
{
    private S3Settings? _settings;

    protected override async Task<string> ServerAsync() => (_settings = await servers.SwiftAsync()).Endpoint!;

    protected override IObjectStore Open(string endpoint) => S3TestStore.New(_settings! with { Endpoint = endpoint });
}
