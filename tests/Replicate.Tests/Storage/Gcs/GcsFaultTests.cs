using Replicate.Adapters.Gcs;
using Replicate.Storage;
using Replicate.Tests.Storage.Faults;

namespace Replicate.Tests.Storage.Gcs;

public sealed class GcsFaultTests : FaultContract, IDisposable
{
    private readonly GcsStandIn _server = new();

    public void Dispose() => _server.Dispose();

    protected override Task<string> ServerAsync() => Task.FromResult(_server.Url);

    protected override IObjectStore Open(string endpoint) => new GcsStore("gs://bucket/root", new GcsSettings(endpoint));
}
