using System.Security.Cryptography;
using System.Text.Json;
using Replicate.Archives.CheckingOut;
using Replicate.Archives.Reading;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>Tarballs of the original give what the original itself checks out of them.</summary>
public class FixtureTests
{
    [Theory]
    [InlineData("keepsake-iris", "0cb9836")]
    [InlineData("keepsake-iris", "bcbf2e5")]
    [InlineData("keepsake-edge", "657fee7")]
    [InlineData("keepsake-edge", "dea2176")]
    public async Task A_repository_of_the_original_checks_out_exactly(string fixture, string shortId)
    {
        var root = Checkout.Fixture(fixture);
        using var target = new TemporaryDirectory();

        await using (var checkOut = new CheckOut(target.Path, null))
        {
            foreach (var (kind, id) in Tarballs(root, shortId))
            {
                var tarball = await File.ReadAllBytesAsync(Path.Combine(root, ".keepsake", kind, id + ".tar.gz"), Archive.Token);
                await checkOut.AddAsync(id, Archive.FileOf(tarball), cancellationToken: Archive.Token);
            }

            checkOut.Commit();
        }

        var expected = await File.ReadAllLinesAsync(Path.Combine(root, "expected", $"checkout-{shortId}.txt"), Archive.Token);
        Assert.Equal(expected.Order(StringComparer.Ordinal), Files(target.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("keepsake-iris")]
    [InlineData("keepsake-edge")]
    public async Task Every_saved_file_opens_and_is_as_long_as_listed(string fixture)
    {
        var repository = Path.Combine(Checkout.Fixture(fixture), ".keepsake");
        foreach (var path in Directory.EnumerateFiles(repository, "*.tar.gz", SearchOption.AllDirectories))
        {
            var id = Path.GetFileName(path)[..^".tar.gz".Length];
            await using var tarball = File.OpenRead(path);
            foreach (var file in await Archive.ListAsync(id, tarball))
            {
                await using var content = await Archive.OpenAsync(id, File.OpenRead(path), file.Path);
                using var copy = new MemoryStream();
                await content!.CopyToAsync(copy, Archive.Token);
                Assert.Equal(file.Length, copy.Length);
            }
        }
    }

    /// <summary>The experiment's tarball, then that of its best, else latest, checkpoint.</summary>
    private static IEnumerable<(string Kind, string Id)> Tarballs(string root, string shortId)
    {
        var file = Directory.GetFiles(Path.Combine(root, ".keepsake", "metadata", "experiments"), shortId + "*").Single();
        var experiment = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        yield return ("experiments", experiment.GetProperty("id").GetString()!);

        var checkpoints = experiment.GetProperty("checkpoints");
        if (checkpoints.ValueKind == JsonValueKind.Array)
        {
            var sign = checkpoints[0].GetProperty("primary_metric").GetProperty("goal").GetString() == "minimize" ? 1 : -1;
            var best = checkpoints.EnumerateArray().Reverse()
                .MinBy(checkpoint => sign * checkpoint.GetProperty("metrics").GetProperty("loss").GetDouble());
            yield return ("checkpoints", best.GetProperty("id").GetString()!);
        }
    }

    private static IEnumerable<string> Files(string directory) =>
        from path in Archive.Everything(directory)
        let full = Path.Combine(directory, path)
        where File.Exists(full)
        select $"./{path}\t{Archive.ModeOf(full)}\t{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(full)))}";
}
