using Replicate.Storage.Disk;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

/// <summary>Wine answers as Windows does here: what is open without leave to delete it is neither replaced nor deleted.</summary>
public sealed class HeldFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_that_somebody_reads_is_replaced_when_they_have_done()
    {
        var (path, finished) = (_directory.Write("model", "before"), _directory.Write("finished", "after"));
        Task replacing;
        await using (var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            replacing = HeldFile.ReplaceAsync(finished, path, Token);
            await Task.Delay(300, Token);
            using var text = new StreamReader(reader);
            Assert.Equal("before", await text.ReadToEndAsync(Token));
        }

        await replacing;

        Assert.Equal("after", await File.ReadAllTextAsync(path, Token));
        Assert.False(File.Exists(finished));
    }

    [Fact]
    public async Task A_file_that_a_virus_scanner_looks_at_is_deleted_when_it_has_done()
    {
        var path = _directory.Write("model", "weights");
        var scanner = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var scanning = Task.Delay(300, Token).ContinueWith(_ => scanner.Dispose(), Token, TaskContinuationOptions.None, TaskScheduler.Default);

        HeldFile.Delete(path);
        await scanning;

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_read_only_file_is_replaced_and_deleted_as_on_every_system()
    {
        var (path, finished) = (_directory.Write("model", "before"), _directory.Write("finished", "after"));
        File.SetAttributes(path, FileAttributes.ReadOnly);

        HeldFile.Replace(finished, path);
        Assert.Equal("after", File.ReadAllText(path));

        File.SetAttributes(path, FileAttributes.ReadOnly);
        HeldFile.Delete(path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void A_directory_is_no_file_that_is_waited_for()
    {
        var finished = _directory.Write("finished", "after");
        Directory.CreateDirectory(_directory.Combine("model"));

        Assert.ThrowsAny<SystemException>(() => HeldFile.Replace(finished, _directory.Combine("model")));
        Assert.True(File.Exists(finished));
    }
}
