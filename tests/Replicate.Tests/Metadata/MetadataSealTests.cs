using System.Text;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Metadata;

/// <summary>Damage in a metadata file is noticed, and the work of other programs is not taken for it.</summary>
public sealed class MetadataSealTests : IDisposable
{
    private readonly TestProject _project = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task A_single_flipped_bit_changes_nothing_that_is_read_or_is_noticed()
    {
        var (path, _) = await RecordAsync();
        var bytes = await File.ReadAllBytesAsync(path, Token);
        var expected = MetadataWriter.WriteExperiment(MetadataReader.ReadExperiment(bytes));
        var accepted = 0;
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(expected, MetadataWriter.WriteExperiment(MetadataReader.ReadExperiment(bytes)));
                accepted++;
            }
            catch (FormatException)
            {
            }

            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        // Those of the checksum itself.
        Assert.InRange(accepted, 1, 48 * 8);
    }

    [Fact]
    public async Task A_damaged_file_is_named_in_listings_and_found_by_a_check_and_never_rewritten()
    {
        var (path, experiment) = await RecordAsync();
        var text = await File.ReadAllTextAsync(path, Token);
        await File.WriteAllTextAsync(path, text.Replace("\"lr\": 0.1", "\"lr\": 0.3", StringComparison.Ordinal), Token);

        for (var listing = 0; listing < 2; listing++)
        {
            var log = new CollectedLog();
            using var _ = Log.SendTo(log);
            Assert.Empty(await _project.ListAsync());
            Assert.Contains(log.Warnings, warning => warning.Contains($"{experiment.Id}.json", StringComparison.Ordinal));
        }

        var error = await Assert.ThrowsAsync<ReplicateException>(() => experiment.SetAsync(["tag"], "", Token));
        Assert.Equal("MetadataDamaged", error.Id);
        Assert.Equal(text.Replace("\"lr\": 0.1", "\"lr\": 0.3", StringComparison.Ordinal), await File.ReadAllTextAsync(path, Token));

        var findings = new List<Finding>();
        await foreach (var finding in _project.Project.CheckAsync(cancellationToken: Token))
        {
            findings.Add(finding);
        }

        Assert.Contains(findings, finding => finding.Kind == FindingKind.MetadataDamaged && finding.Message.Contains("checksum", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_rewrite_of_ours_has_the_checksum_of_what_it_wrote()
    {
        var (path, experiment) = await RecordAsync();
        await experiment.SetAsync(["a", "b"], "note", Token);
        AssertSealed(await File.ReadAllBytesAsync(path, Token));
        await experiment.AddAsync(ExperimentSteps.Loss(0.25));
        await experiment.AddAsync(ExperimentSteps.Loss(0.125));
        await _project.Project.SyncAsync(cancellationToken: Token);
        AssertSealed(await File.ReadAllBytesAsync(path, Token));
        await experiment.StopAsync(cancellationToken: Token);
        await experiment.DeleteCheckpointAsync(experiment.Checkpoints[0], Token);

        AssertSealed(await File.ReadAllBytesAsync(path, Token));
        var listed = Assert.Single(await _project.ListAsync());
        Assert.Equal((2, "note", ExperimentStatus.Completed), (listed.Checkpoints.Count, listed.Note, listed.Status));
    }

    [Theory]
    [InlineData("\"lr\": 0.1", "\"lr\": 0.25")]
    [InlineData("\"step\": 0", "\"step\": 10")]
    [InlineData("\n }\n}", "\n }\n}\n")]
    [InlineData(" \"host\"", "\"host\"")]
    [InlineData("\"checksum\":", "\"checksum\": ")]
    [InlineData("\"checksum\":", "\"later\": 1, \"checksum\": ")]
    public async Task What_another_program_rewrote_is_read(string from, string to)
    {
        var (path, _) = await RecordAsync();
        var text = await File.ReadAllTextAsync(path, Token);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal), Token);

        var listed = Assert.Single(await _project.ListAsync());
        await listed.SetAsync(["mine"], "", Token);

        Assert.Equal(["mine"], Assert.Single(await _project.ListAsync()).Tags);
    }

    private static void AssertSealed(byte[] bytes)
    {
        var plain = MetadataSeal.Remove(bytes);
        Assert.NotNull(plain);
        Assert.Equal(Encoding.UTF8.GetString(MetadataSeal.Add(plain)), Encoding.UTF8.GetString(bytes));
    }

    private async Task<(string Path, Experiment Experiment)> RecordAsync()
    {
        var experiment = await _project.CreateAsync(new System.Collections.Hashtable { ["lr"] = 0.1 });
        await experiment.AddAsync(ExperimentSteps.Loss(0.5));
        await _project.Project.SyncAsync(cancellationToken: Token);
        return (Path.Combine(_project.RepositoryPath, RepositoryKeys.Metadata(experiment.Id)), experiment);
    }
}
