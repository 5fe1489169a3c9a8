using System.Text.RegularExpressions;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Repositories.Logs;
using Replicate.Tests.Archives;
using Replicate.Tests.Support;

namespace Replicate.Tests.Integrity;

/// <summary>Whoever does what a finding says, of every kind there is, has a whole repository, and all that was recorded.</summary>
public sealed partial class RemedyTests : IDisposable
{
    private static readonly TimeSpan Old = TimeSpan.FromDays(2);

    private readonly TestProject _test = new();
    private readonly TemporaryDirectory _backup = new();

    public static TheoryData<FindingKind> Kinds => [.. Enum.GetValues<FindingKind>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _test.Dispose();
        _backup.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_remedy_of_a_finding_leaves_a_whole_repository(FindingKind kind)
    {
        await _test.RecordAsync();
        var finding = await ProduceAsync(kind);
        await FollowAsync(finding);

        Assert.DoesNotContain(await _test.Project.FindingsAsync(), found => found.Severity != FindingSeverity.Information);
        Assert.Equal(("weights", 0.5), await _test.ReadAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Repairing_ends_and_loses_nothing(FindingKind kind)
    {
        await _test.RecordAsync();
        await ProduceAsync(kind);
        await _test.Project.MendAsync();
        Assert.DoesNotContain(await _test.Project.MendAsync(), found => found.IsRepairable);

        // What was moved aside, or damaged, is there again with the backup.
        RestoreAll();
        await _test.Project.MendAsync();
        await RemoveCopyAsync();
        Assert.DoesNotContain(await _test.Project.FindingsAsync(), found => found.Severity != FindingSeverity.Information && found.IsRepairable);
        Assert.Equal(("weights", 0.5), await _test.ReadAsync());
    }

    /// <summary>Damages the repository so that a check finds something of a kind, after a backup was made of it.</summary>
    private async Task<Finding> ProduceAsync(FindingKind kind)
    {
        var experiment = Assert.Single(await _test.ListAsync());
        var (metadata, heartbeat, journal) =
            (RepositoryKeys.Metadata(experiment.Id), RepositoryKeys.Heartbeat(experiment.Id), RepositoryKeys.Journal(experiment.Id));
        if (kind is FindingKind.JournalDamaged or FindingKind.JournalWithoutExperiment)
        {
            // The checkpoint is there as a line, too: a writer was killed just when the metadata had it.
            var lines = new JsonTextWriter(indent: 0);
            JournalLine.Write(lines, experiment.Checkpoints);
            _test.Directory.Write($".replicate/{journal}", System.Text.Encoding.UTF8.GetString(lines.ToBytes()));
        }

        var log = new LogKey(experiment.Id, LogKey.NewWriter(DateTime.UtcNow), 0).Key;
        if (kind is FindingKind.LogDamaged)
        {
            (await experiment.OpenLogAsync(Token)).Write("epoch 1");
            await _test.Project.Workspace.Lifetime.Logs.FinishAsync(_test.Project.Workspace.Repository, experiment.Id);
            log = Assert.Single(_test.RepositoryFiles(), file => file.StartsWith("logs/", StringComparison.Ordinal));
        }

        BackUp();
        switch (kind)
        {
            case FindingKind.SpecificationMissing:
                File.Delete(_test.PathOf(RepositoryKeys.Specification));
                break;
            case FindingKind.SpecificationDamaged:
                Write(RepositoryKeys.Specification, "{");
                break;
            case FindingKind.MetadataDamaged:
                Write(metadata, "{\"id\": ");
                break;
            case FindingKind.MetadataMisnamed:
                File.Move(_test.PathOf(metadata), _test.PathOf(RepositoryKeys.Metadata(CheckSteps.OtherId)));
                break;
            case FindingKind.CheckpointTwice:
                // A copy under an id of its own, which comes after the original or before it.
                var text = await File.ReadAllTextAsync(_test.PathOf(metadata), Token);
                Write(
                    RepositoryKeys.Metadata(CheckSteps.OtherId),
                    text.Replace(experiment.Id, CheckSteps.OtherId, StringComparison.Ordinal)
                        .Replace("\"path\": \"train.py\"", "\"path\": \"\"", StringComparison.Ordinal));
                break;
            case FindingKind.UnusualId:
                var own = Assert.Single(experiment.Checkpoints).Id;
                Write(
                    RepositoryKeys.Metadata(CheckSteps.OtherId),
                    (await File.ReadAllTextAsync(_test.PathOf(metadata), Token)).Replace(experiment.Id, CheckSteps.OtherId, StringComparison.Ordinal)
                        .Replace(own, own[..7], StringComparison.Ordinal)
                        .Replace("\"path\": \"train.py\"", "\"path\": \"\"", StringComparison.Ordinal)
                        .Replace("\"path\": \"model.pth\"", "\"path\": \"\"", StringComparison.Ordinal));
                break;
            case FindingKind.HeartbeatDamaged:
                Write(heartbeat, "{}");
                break;
            case FindingKind.HeartbeatOfTheFuture:
                Write(heartbeat, $$"""{"experiment_id":"{{experiment.Id}}","last_heartbeat":"2999-01-01T00:00:00Z"}""");
                break;
            case FindingKind.HeartbeatWithoutExperiment:
                _test.Write(
                    RepositoryKeys.Heartbeat(CheckSteps.OtherId),
                    $$"""{"experiment_id":"{{CheckSteps.OtherId}}","last_heartbeat":"2020-01-01T00:00:00Z"}""", Old);
                break;
            case FindingKind.JournalDamaged:
                Write(journal, "{\n");
                break;
            case FindingKind.JournalWithoutExperiment:
                File.Delete(_test.PathOf(metadata));
                break;
            case FindingKind.ArchiveMissing:
                File.Delete(_test.PathOf(experiment.CheckpointKey()));
                break;
            case FindingKind.ArchiveDamaged:
                Write(experiment.CheckpointKey(), "damaged");
                break;
            case FindingKind.ArchiveRefused:
                // Only what has no recorded checksum is looked into.
                var original = await File.ReadAllTextAsync(_test.PathOf(metadata), Token);
                Write(metadata, Sha256().Replace(original, "\"sha256\": \"\""));
                var id = experiment.Checkpoints[0].Id;
                await File.WriteAllBytesAsync(
                    _test.PathOf(experiment.CheckpointKey()), TarBytes.Empty.File($"{id}/../../outside").Tarball().ToArray(), Token);
                break;
            case FindingKind.ArchiveWithoutOwner:
                _test.Write(RepositoryKeys.CheckpointArchive(CheckSteps.OtherId), "left", Old);
                break;
            case FindingKind.TemporaryFileLeft:
                _test.Write("checkpoints/.0123456789abcdef.tmp", "left", Old);
                break;
            case FindingKind.UnknownFile:
                Write("experiments/notes.txt", "mine");
                break;
            case FindingKind.MovedAside:
                var aside = _test.PathOf(RepositoryKeys.Aside(DateTime.UtcNow, experiment.CheckpointKey()));
                Directory.CreateDirectory(Path.GetDirectoryName(aside)!);
                File.Move(_test.PathOf(experiment.CheckpointKey()), aside);
                break;
            case FindingKind.LogDamaged:
                await using (var file = File.OpenWrite(_test.PathOf(log)))
                {
                    file.Position = 12;
                    file.Write("damage"u8);
                }

                break;
            case FindingKind.LogWithoutExperiment:
                _test.Write(log.Replace(experiment.Id, CheckSteps.OtherId, StringComparison.Ordinal), "left", Old);
                break;
            case FindingKind.CatalogDamaged:
                Write(RepositoryKeys.CatalogLayer("0123456789abcdef", 1), "torn");
                break;
            case FindingKind.NameDamaged:
                Write(RepositoryKeys.Name("production"), "{");
                break;
            case FindingKind.NameWithoutCheckpoint:
                Write(RepositoryKeys.Name("production"), $$"""{"name":"production","experiment_id":"{{experiment.Id}}","checkpoint_id":"{{CheckSteps.OtherId}}"}""");
                break;
            default:
                throw new NotSupportedException($"No test makes a finding of the kind {kind}.");
        }

        return (await _test.Project.FindingsAsync()).First(finding => finding.Kind == kind);
    }

    /// <summary>Does what a finding says, by its own words.</summary>
    private async Task FollowAsync(Finding finding)
    {
        switch (finding.Remedy)
        {
            case var remedy when Restore().Match(remedy) is { Success: true, Groups: [_, var key, ..] }:
                var name = key.Value is "the file" ? finding.Path : key.Value;
                File.Copy(_backup.Combine(name), _test.PathOf(name), overwrite: true);
                break;
            case var remedy when remedy.StartsWith("Repair the repository", StringComparison.Ordinal):
                Assert.True((await _test.Project.RepairAsync(finding, Token)).IsMended);
                break;
            case var remedy when Remove().Match(remedy) is { Success: true, Groups: [_, var id, ..] }:
                await (await _test.Project.Experiments.GetAsync(id.Value, Token)).DeleteAsync(Token);
                if (id.Value != CheckSteps.OtherId)
                {
                    // What is left is the copy, which is as good.
                    Assert.Equal(CheckSteps.OtherId, Assert.Single(await _test.ListAsync()).Id);
                }

                break;
            case var remedy when remedy.Contains("stop it", StringComparison.Ordinal):
                await Assert.Single(await _test.ListAsync()).StopAsync(cancellationToken: Token);
                break;
            case var remedy when remedy.StartsWith("Leave it", StringComparison.Ordinal):
                Assert.Equal(FindingSeverity.Information, finding.Severity);
                break;
            default:
                throw new NotSupportedException($"Nobody can follow this: {finding.Remedy}");
        }
    }

    private void Write(string key, string text) => _test.Directory.Write($".replicate/{key}", text);

    private void BackUp() => Copy(_test.RepositoryPath, _backup.Path);

    private void RestoreAll() => Copy(_backup.Path, _test.RepositoryPath);

    private async Task RemoveCopyAsync()
    {
        foreach (var copy in (await _test.ListAsync()).Where(experiment => experiment.Id == CheckSteps.OtherId))
        {
            await copy.DeleteAsync(Token);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    [GeneratedRegex("Restore (the file|[^ ]+) from a backup")]
    private static partial Regex Restore();

    [GeneratedRegex("Remove the experiment '([0-9a-f]+)'")]
    private static partial Regex Remove();

    [GeneratedRegex("\"sha256\": \"[0-9a-f]*\"")]
    private static partial Regex Sha256();
}
