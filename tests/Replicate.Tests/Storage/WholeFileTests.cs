using System.Text;
using Replicate.Charts;
using Replicate.Reports;
using Replicate.Storage;
using Replicate.Tests.Charts;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_takes_the_place_of_what_was_there()
    {
        var path = _directory.Write("file", "before");

        await WholeFile.WriteAsync(path, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes("now"), token).AsTask(), Token);

        Assert.Equal("now", await File.ReadAllTextAsync(path, Token));
        Assert.Single(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task What_was_there_stays_when_writing_fails()
    {
        var path = _directory.Write("file", "before");

        await Assert.ThrowsAsync<FormatException>(() => WholeFile.WriteAsync(path, (_, _) => throw new FormatException("half"), Token));

        Assert.Equal("before", await File.ReadAllTextAsync(path, Token));
        Assert.Single(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Theory]
    [InlineData("plot.svg")]
    [InlineData("plot.html")]
    [InlineData("report.html")]
    public async Task A_directory_that_is_not_there_is_named_with_what_to_do(string name)
    {
        var error = await Assert.ThrowsAsync<ReplicateException>(() => WriteAsync(_directory.Combine("missing", name)));

        Assert.Equal((ErrorKind.NotFound, "DirectoryNotFound"), (error.Kind, error.Id));
        Assert.Contains(_directory.Combine("missing"), error.Message, StringComparison.Ordinal);
        Assert.Contains("Create it", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plot.svg")]
    [InlineData("report.html")]
    public async Task A_file_that_the_file_system_refuses_is_named(string name)
    {
        var path = _directory.Combine(name);
        Directory.CreateDirectory(path);

        var error = await Assert.ThrowsAsync<ReplicateException>(() => WriteAsync(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.RecommendedAction);
        Assert.Single(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    public void Dispose() => _directory.Dispose();

    private static Task WriteAsync(string path) => Path.GetFileName(path) == "report.html"
        ? new Report(new ReportOptions()).WriteAsync([], path, cancellationToken: Token)
        : ChartFile.WriteAsync(Curves.Named("curves"), path, Token);
}
