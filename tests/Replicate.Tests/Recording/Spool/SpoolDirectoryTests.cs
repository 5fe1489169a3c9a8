using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Spool;

public class SpoolDirectoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_given_up_halfway_keeps_its_files_as_long_as_it_may_be_sent()
    {
        using var directory = new TemporaryDirectory();
        var spool = new SpoolDirectory(directory.Combine("spool"), "tests");
        var key = RepositoryKeys.ExperimentArchive("e1");
        await spool.AddArchiveAsync(key, ObjectContent.FromBytes("tarball"u8.ToArray()), Token);
        await spool.AddAsync(OperationKind.Create, new ExperimentMetadata { Id = "e1", Created = Timestamp.Now, Path = "." }, Token);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spool.ForgetAsync(
            _ =>
            {
                stop.Cancel();
                return true;
            },
            stop.Token));

        Assert.Single(await spool.ReadAsync(Token));
        Assert.NotNull(await spool.ArchiveContentAsync(key, Token));
    }
}
