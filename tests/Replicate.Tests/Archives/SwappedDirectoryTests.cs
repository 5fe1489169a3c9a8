using Replicate.Archives.CheckingOut;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>Another user who may write where files are checked out into, and puts links where directories were.</summary>
public sealed class SwappedDirectoryTests : IDisposable
{
    private const string Id = TarBytes.Id;

    private readonly TemporaryDirectory _target = new();
    private readonly TemporaryDirectory _outside = new();

    public void Dispose()
    {
        _target.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("data")]
    [InlineData("data/deep/er")]
    public async Task A_directory_that_becomes_a_link_between_staging_and_placing_is_not_followed(string swapped)
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        _target.Write("data/deep/er/mine", "mine");
        await using var checkOut = await ReadAsync();
        Directory.Move(_target.Combine(swapped), _target.Combine("aside"));
        Directory.CreateSymbolicLink(_target.Combine(swapped), _outside.Path);

        Assert.Throws<ReplicateException>(() => checkOut.Commit());

        Assert.Empty(Archive.Everything(_outside.Path));
        Assert.False(File.Exists(_target.Combine("a")));
    }

    [Fact]
    public async Task A_staging_directory_that_becomes_a_link_is_not_followed()
    {
        Archive.SkipOnWindows("A directory that is open cannot be moved on Windows.");
        await using (var checkOut = new CheckOut(_target.Path, null))
        {
            var staging = Assert.Single(Directory.EnumerateDirectories(_target.Path));
            Directory.Move(staging, _target.Combine("aside"));
            Directory.CreateSymbolicLink(staging, _outside.Path);
            await checkOut.AddAsync(Id, Archive.FileOf(Tarball()), cancellationToken: Archive.Token);
            Assert.Equal(202, checkOut.Commit().Count);
            File.Delete(staging);
        }

        Assert.Equal("199", await File.ReadAllTextAsync(_target.Combine("data/deep/er/199"), Archive.Token));
        Assert.Empty(Archive.Everything(_outside.Path));
    }

    [Fact]
    public async Task A_directory_that_is_swapped_for_a_link_all_the_time_leads_nothing_outside()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        _target.Write("data/deep/er/0", "old");
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() => Swap(_target.Combine("data"), stop.Token), Archive.Token);
        var failed = 0;
        for (var i = 0; i < 15; i++)
        {
            try
            {
                await using var checkOut = await ReadAsync();
                checkOut.Commit();
            }
            catch (ReplicateException e) when (e.Id is "CheckOutFailed" or "PathInTheWay")
            {
                failed++;
            }
        }

        await stop.CancelAsync();
        await swapping;
        Assert.Empty(Archive.Everything(_outside.Path));
        TestContext.Current.SendDiagnosticMessage($"{failed} of 15 check-outs met the link and were taken back.");
    }

    private static byte[] Tarball()
    {
        var tar = new TarBytes().File(Id + "/a", "a").File(Id + "/z", "z");
        for (var i = 0; i < 200; i++)
        {
            tar.File(FormattableString.Invariant($"{Id}/data/deep/er/{i}"), FormattableString.Invariant($"{i}"));
        }

        return tar.Tarball().ToArray();
    }

    private async Task<CheckOut> ReadAsync()
    {
        var checkOut = new CheckOut(_target.Path, null);
        await checkOut.AddAsync(Id, Archive.FileOf(Tarball()), cancellationToken: Archive.Token);
        return checkOut;
    }

    private void Swap(string directory, CancellationToken stop)
    {
        var aside = _target.Combine("aside");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Directory.Move(directory, aside);
                Directory.CreateSymbolicLink(directory, _outside.Path);
                File.Delete(directory);
                Directory.Move(aside, directory);
            }
            catch (IOException)
            {
                // The check-out made the directory anew meanwhile.
                if (Directory.Exists(aside) && Directory.Exists(directory))
                {
                    Directory.Delete(aside, recursive: true);
                }
            }
        }
    }
}
