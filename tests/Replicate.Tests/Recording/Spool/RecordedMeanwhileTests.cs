using Replicate.Recording;
using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Spool;

/// <summary>What a process records while another one reads what waits, at whatever moment of that.</summary>
public sealed class RecordedMeanwhileTests : IDisposable
{
    private static readonly ExperimentMetadata Run = new() { Id = "run", Created = Timestamp.Now };
    private static readonly ExperimentExtension End = new() { Status = ExperimentStatus.Completed, Ended = Timestamp.Now };

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_run_that_begins_and_ends_while_another_is_sent_has_its_checkpoint_and_its_end()
    {
        var (moments, _) = await SendAsync("alone", int.MaxValue, int.MaxValue, int.MaxValue);
        for (var created = 1; created <= moments; created++)
        {
            for (var added = created; added <= moments; added++)
            {
                for (var ended = added; ended <= moments; ended++)
                {
                    var (_, sent) = await SendAsync($"{created}-{added}-{ended}", created, added, ended);
                    Assert.Equal(("c1", ExperimentStatus.Completed), (Assert.Single(sent!.Checkpoints).Id, sent.Extension!.Status));
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task An_experiment_that_another_process_sends_while_a_checkpoint_is_added_to_it_has_that(int listing)
    {
        _directory.Write("project/replicate.yaml", "");
        var project = new Project("file://" + _directory.Combine("repository"), _directory.Combine("project"));
        var spool = project.Workspace.Uploader.Spool;
        await spool.AddAsync(OperationKind.Create, Run, Token);
        var sending = new Uploader(spool, project.Workspace.Repository, new ProcessLifetime());
        using (Log.SendTo(AtListings(spool.Path, now =>
        {
            if (now == listing)
            {
                sending.SendAsync(null, _ => true, Token).GetAwaiter().GetResult();
            }
        })))
        {
            await new Experiment(project, Run, null, isPending: true).AddAsync(ExperimentSteps.Loss(0.5));
        }

        Assert.Equal(0.5, Assert.Single(Assert.Single(await project.Experiments.ListAsync(cancellationToken: Token)).Checkpoints).Metrics["loss"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_checkpoint_is_found_that_is_taken_to_be_sent_while_it_is_read_and_others_come(int reading)
    {
        var spool = new SpoolDirectory(_directory.Combine("spool"), "tests");
        await AddCheckpointAsync(spool, "run");
        var (listings, readings) = (0, 0);
        IReadOnlyList<Operation> found;
        using (Log.SendTo(new Moments(message =>
        {
            if (message.StartsWith("Listing 'journal/'", StringComparison.Ordinal) && ++listings <= 9)
            {
                AddCheckpointAsync(spool, $"other{listings}").GetAwaiter().GetResult();
            }
            else if (message.StartsWith("Reading", StringComparison.Ordinal) && message.Contains("run.jsonl", StringComparison.Ordinal) && ++readings == reading)
            {
                spool.TakeAsync("run", [], Token).GetAwaiter().GetResult();
            }
        })))
        {
            found = await spool.ReadAsync(Token);
        }

        Assert.Contains(found, operation => operation.ExperimentId == "run");
    }

    /// <summary>Sends an experiment while another process records a run, each step of it before the spool is listed for the nth time.</summary>
    /// <returns>How often it was listed, and what the repository has of the run in the end.</returns>
    private async Task<(int Listings, ExperimentMetadata? Sent)> SendAsync(string name, int created, int added, int ended)
    {
        var (remote, path) = (new WatchedStore(_directory.Combine(name, "remote")), _directory.Combine(name, "spool"));
        var spool = new SpoolDirectory(path, "tests");
        await spool.AddAsync(OperationKind.Create, Run with { Id = "other" }, Token);
        var listings = 0;
        using (Log.SendTo(AtListings(path, listing =>
        {
            listings = listing;
            At(created, () => spool.AddAsync(OperationKind.Create, Run, Token));
            At(added, () => AddCheckpointAsync(spool, Run.Id));
            At(ended, () => spool.AddAsync(OperationKind.Stop, Run with { Extension = End }, Token));

            void At(int moment, Func<Task> step)
            {
                if (listing == moment)
                {
                    step().GetAwaiter().GetResult();
                }
            }
        })))
        {
            await AnotherProcess().SendAsync(null, _ => true, Token);
        }

        await AnotherProcess().SendAsync(null, _ => true, Token);
        return (listings, (await new Repository(remote).ReadExperimentAsync(Run.Id, Token))?.Metadata);

        Uploader AnotherProcess() => new(new SpoolDirectory(path, "tests"), new Repository(remote), new ProcessLifetime());
    }

    private static Task AddCheckpointAsync(SpoolDirectory spool, string experimentId) =>
        spool.AddCheckpointsAsync(experimentId, [new Checkpoint { Id = "c1", CreatedAt = Timestamp.Now, Path = "" }], Token);

    /// <summary>Does something each time before a directory is listed, told how often it is then.</summary>
    private static Moments AtListings(string directory, Action<int> work)
    {
        var listings = 0;
        return new Moments(message =>
        {
            if (message.StartsWith("Listing", StringComparison.Ordinal) && message.Contains($"'{directory}'", StringComparison.Ordinal))
            {
                work(Interlocked.Increment(ref listings));
            }
        });
    }

    /// <summary>Does something before whatever is read or written, told what that is.</summary>
    private sealed class Moments(Action<string> work) : ILogSink
    {
        public void Warn(string message) => Assert.Fail(message);

        public void Verbose(string message) => work(message);
    }
}
