using Replicate.Adapters.Gcs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.Gcs;

public class GcsChecksumTests
{
    /// <remarks>The check value of the algorithm, 0xE3069283, and the first test of RFC 3720, B.4, 0x8A9136AA.</remarks>
    [Fact]
    public async Task A_checksum_is_that_of_the_standard()
    {
        Assert.Equal("AAAAAA==", GcsChecksum.Of([]));
        Assert.Equal("4waSgw==", GcsChecksum.Of("123456789"u8));
        Assert.Equal("ipE2qg==", GcsChecksum.Of(new byte[32]));

        using var directory = new Support.TemporaryDirectory();
        using var file = File.OpenHandle(directory.Write("digits", "123456789"));
        Assert.Equal("4waSgw==", await GcsChecksum.OfAsync(file, TestContext.Current.CancellationToken));
    }
}
