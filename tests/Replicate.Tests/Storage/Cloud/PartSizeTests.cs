using Replicate.Adapters.Cloud;

namespace Replicate.Tests.Storage.Cloud;

public class PartSizeTests
{
    private const long FiveTebibytes = 5L << 40;
    private const long MostOfAPart = 5L << 30;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(80_000_000_001)]
    [InlineData(FiveTebibytes)]
    public void Any_file_fits_into_the_parts(long length)
    {
        var size = PartSize.For(length);

        Assert.InRange(size, PartSize.Smallest, MostOfAPart);
        Assert.InRange((length + size - 1) / size, 0, PartSize.MaxParts);
    }

    [Fact]
    public void Content_of_any_length_fits_into_the_parts()
    {
        var sizes = Enumerable.Range(0, PartSize.MaxParts).Select(PartSize.OfPart).ToList();

        Assert.True(sizes.Sum(size => (long)size) >= FiveTebibytes);
        Assert.True(sizes.Take(1000).All(size => size == PartSize.Smallest), "Small objects need small buffers.");
        Assert.True(sizes.TrueForAll(size => size <= Array.MaxLength));
    }
}
