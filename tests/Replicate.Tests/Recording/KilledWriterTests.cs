using System.Globalization;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Tests.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

/// <summary>Processes that are killed while they record: what they were told to be safe is there, once.</summary>
public class KilledWriterTests
{
    private const int Writers = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How many processes are killed; REPLICATE_TEST_KILLS asks for more.</summary>
    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("REPLICATE_TEST_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 30;

    [Fact]
    public async Task No_checkpoint_is_lost_or_there_twice_whenever_its_writer_is_killed()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var safe = new HashSet<string>();
        for (var round = 0; round < Kills / Writers; round++)
        {
            var told = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
            {
                using var child = new ChildProcess(["record", project.Directory.Path, experiment.Id], []);
                var ids = new List<string> { await child.ReadLineAsync() };
                await Task.Delay(Random.Shared.Next(400), Token);
                await child.KillAsync();

                // A line of the output that was not written to its end tells nothing.
                var rest = (await child.WaitAsync()).Output;
                ids.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                return ids;
            }));
            safe.UnionWith(told.SelectMany(ids => ids));
            AssertAllThere(safe, Assert.Single(await project.ListAsync()).Checkpoints);
        }

        await experiment.AddAsync();
        await project.Project.SyncAsync(cancellationToken: Token);

        var file = await File.ReadAllBytesAsync(project.Directory.Combine(".replicate", RepositoryKeys.Metadata(experiment.Id)), Token);
        AssertAllThere(safe, MetadataReader.ReadExperiment(file).Checkpoints);
        Assert.Empty(Directory.EnumerateFiles(project.Directory.Combine(".replicate", "journal")));
    }

    [Fact]
    public async Task The_files_of_a_killed_process_are_archived_by_the_next_command()
    {
        using var project = new TestProject();
        using var output = new TemporaryDirectory();
        var experiment = await project.CreateAsync();
        var weights = new byte[30_000_000];
        Random.Shared.NextBytes(weights.AsSpan(..10_000_000));
        var model = project.Directory.Combine("model.pth");
        await File.WriteAllBytesAsync(model, weights, Token);
        using var child = new ChildProcess(["save", project.Directory.Path, experiment.Id, "model.pth"], []);
        var id = await child.ReadLineAsync();
        await child.KillAsync();
        await File.WriteAllTextAsync(model, "something else", Token);

        var found = Assert.Single(await project.ListAsync());
        var checkpoint = Assert.Single(found.Checkpoints);
        Assert.Equal(id, checkpoint.Id);
        await found.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = output.Path }, cancellationToken: Token);
        var restored = await File.ReadAllBytesAsync(output.Combine("model.pth"), Token);
        Assert.True(weights.AsSpan().SequenceEqual(restored));

        await project.Project.SyncAsync(cancellationToken: Token);
        Assert.False(Assert.Single(await project.ListAsync()).Pending);
        Assert.Contains(RepositoryKeys.CheckpointArchive(id), project.RepositoryFiles());
        Assert.DoesNotContain(project.RepositoryFiles(), file => file.Contains("/copies/", StringComparison.Ordinal));
    }

    private static void AssertAllThere(HashSet<string> safe, CheckpointList checkpoints)
    {
        var ids = checkpoints.Select(checkpoint => checkpoint.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Empty(safe.Except(ids));
        Assert.Equal(checkpoints.Count, checkpoints.Select(checkpoint => checkpoint.Step).Distinct().Count());
    }
}
