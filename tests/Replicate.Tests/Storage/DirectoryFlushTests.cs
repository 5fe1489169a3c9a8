using Replicate.Storage.Disk;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

public class DirectoryFlushTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(22, false)]
    [InlineData(30, false)]
    [InlineData(5, true)]
    [InlineData(28, true)]
    [InlineData(9, true)]
    public void A_failed_flush_is_told_from_one_that_is_not_supported(int error, bool isFailure) =>
        Assert.Equal(isFailure, DirectoryFlush.IsFailure(error));

    [Fact]
    public void The_error_names_the_directory_and_the_reason()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It has no such call");

        var error = DirectoryFlush.Failed("/data/runs", 5);

        Assert.Equal(("FlushFailed", ErrorKind.Unavailable), (error.Id, error.Kind));
        Assert.Contains("/data/runs", error.Message, StringComparison.Ordinal);
        Assert.Contains("nput/output error", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_or_is_gone_is_no_error()
    {
        using var directory = new TemporaryDirectory();

        DirectoryFlush.Flush(directory.Path);
        DirectoryFlush.Flush(directory.Combine("gone"));

        Assert.True(Directory.Exists(directory.Path));
    }
}
