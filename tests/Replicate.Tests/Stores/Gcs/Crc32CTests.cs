using Replicate.Adapters.Gcs;

namespace Replicate.Tests.Stores.Gcs;

public class Crc32CTests
{
    /// <remarks>The check value of the algorithm, 0xE3069283, and the first test of RFC 3720, B.4, 0x8A9136AA.</remarks>
    [Fact]
    public async Task A_checksum_is_that_of_the_standard()
    {
        Assert.Equal("AAAAAA==", Crc32C.Of([]));
        Assert.Equal("4waSgw==", Crc32C.Of("123456789"u8));
        Assert.Equal("ipE2qg==", Crc32C.Of(new byte[32]));

        using var directory = new Support.TemporaryDirectory();
        using var file = File.OpenHandle(directory.Write("digits", "123456789"));
        Assert.Equal("4waSgw==", await Crc32C.OfAsync(file, TestContext.Current.CancellationToken));
    }
}
