using Replicate.Stores;
using Replicate.Tests.Support;

namespace Replicate.Tests.Caching;

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
