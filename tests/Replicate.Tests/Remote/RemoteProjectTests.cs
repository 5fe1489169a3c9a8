using Replicate.Adapters.Azure;
using Replicate.Adapters.Gcs;
using Replicate.Adapters.S3;
using Replicate.Storage;
using Replicate.Tests.Storage.Gcs;
using Replicate.Tests.Storage.Servers;

namespace Replicate.Tests.Remote;

public sealed class ProjectOnCephTests(TestServers servers) : RemoteProjectContract
{
    protected override async Task<IObjectStore> OpenAsync(string place) => new S3Store("s3://" + place, await servers.CephAsync());
}

public sealed class ProjectOnSwiftTests(TestServers servers) : RemoteProjectContract
{
    protected override async Task<IObjectStore> OpenAsync(string place) => new S3Store("s3://" + place, await servers.SwiftAsync());
}

public sealed class ProjectOnAzuriteTests(TestServers servers) : RemoteProjectContract
{
    protected override async Task<IObjectStore> OpenAsync(string place) => new AzureStore("az://tester/" + place, await servers.AzuriteAsync());
}

public sealed class ProjectOnStandInTests : RemoteProjectContract, IDisposable
{
    private readonly GcsStandIn _server = new();

    public void Dispose() => _server.Dispose();

    protected override Task<IObjectStore> OpenAsync(string place) =>
        Task.FromResult<IObjectStore>(new GcsStore("gs://" + place, new GcsSettings(_server.Url)));
}
