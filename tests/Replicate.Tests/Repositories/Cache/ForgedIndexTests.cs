using Replicate.Storage;

namespace Replicate.Tests.Repositories.Cache;

/// <summary>Indexes whose checksum is right and whose content is not: a list ends, and without an error of the runtime.</summary>
public class ForgedIndexTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_word_of_an_index_may_be_absurd()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        project.Write("b", "two");
        await project.ListAsync();
        var file = project.IndexFile;
        var good = await File.ReadAllBytesAsync(file, Token);

        foreach (var value in new[] { -1, 0, int.MaxValue, 0x01010101 })
        {
            for (var place = sizeof(uint) + 16; place + sizeof(int) <= good.Length; place += 3)
            {
                var forged = good.ToArray();
                BitConverter.TryWriteBytes(forged.AsSpan(place), value);
                BitConverter.TryWriteBytes(forged, Crc32C.Append(Crc32C.Start, forged.AsSpan(sizeof(uint))));
                await File.WriteAllBytesAsync(file, forged, Token);

                var listed = await project.Open().Experiments.ListAsync(cancellationToken: Token);

                Assert.Equal(2, listed.Count);
            }
        }
    }

    [Fact]
    public async Task A_checkpoint_that_is_read_later_may_be_absurd_and_the_next_command_reads_it_from_the_repository()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        var truth = await project.ListAsync();
        var good = await File.ReadAllBytesAsync(project.IndexFile, Token);
        var damaged = 0;

        foreach (var value in new byte[] { 0, 1, 0x7f, 0xff })
        {
            for (var place = sizeof(uint) + 16; place < good.Length; place++)
            {
                var forged = good.ToArray();
                forged[place] = value;
                BitConverter.TryWriteBytes(forged, Crc32C.Append(Crc32C.Start, forged.AsSpan(sizeof(uint))));
                await File.WriteAllBytesAsync(project.IndexFile, forged, Token);
                var experiment = Assert.Single(await project.Open().Experiments.ListAsync(cancellationToken: Token));
                try
                {
                    Assert.All(experiment.Checkpoints, checkpoint => Assert.NotNull($"{checkpoint.Id} {checkpoint.Metrics} {checkpoint.Created}"));
                }
                catch (ReplicateException error) when (error.Id == "IndexDamaged")
                {
                    damaged++;
                    Assert.Equal(truth, await project.ListAsync());
                }
            }
        }

        Assert.NotEqual(0, damaged);
    }

    [Fact]
    public async Task A_table_without_a_free_place_does_not_hang()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        await project.ListAsync();
        var file = project.IndexFile;
        var forged = await File.ReadAllBytesAsync(file, Token);
        for (var place = sizeof(uint) + 16; place + sizeof(int) <= forged.Length; place += sizeof(int))
        {
            if (BitConverter.ToInt32(forged, place) == 0)
            {
                BitConverter.TryWriteBytes(forged.AsSpan(place), 20);
            }
        }

        BitConverter.TryWriteBytes(forged, Crc32C.Append(Crc32C.Start, forged.AsSpan(sizeof(uint))));
        await File.WriteAllBytesAsync(file, forged, Token);

        Assert.Equal(["a one da 2"], await project.ListAsync());
    }
}
