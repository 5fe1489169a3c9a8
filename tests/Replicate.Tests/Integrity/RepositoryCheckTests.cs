using System.Collections;
using Replicate.Tests.Archives;
using Replicate.Tests.Support;

namespace Replicate.Tests.Integrity;

public sealed class RepositoryCheckTests : IDisposable
{
    private const string OtherId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly TestProject _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_whole_repository_has_no_findings()
    {
        await RecordAsync();
        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task A_repository_that_is_not_there_yet_has_no_findings() => Assert.Empty(await CheckAsync());

    [Theory]
    [InlineData("keepsake-iris")]
    [InlineData("keepsake-edge")]
    public async Task A_repository_of_the_original_has_no_findings(string fixture)
    {
        var copy = _test.Directory.CopyOf(Checkout.Fixture(fixture));
        var repository = Path.GetDirectoryName(Directory.EnumerateFiles(copy, "repository.json", SearchOption.AllDirectories).Single())!;
        Assert.Empty(await CheckAsync(project: new Project($"file://{repository}", _test.Directory.Path)));
    }

    [Fact]
    public async Task A_missing_specification_is_written_again()
    {
        await RecordAsync();
        File.Delete(PathOf("repository.json"));
        await AssertMendedAsync(FindingKind.SpecificationMissing, FindingSeverity.Warning, "repository.json");
        Assert.Equal("""{"version":1}""", File.ReadAllText(PathOf("repository.json")));
    }

    [Fact]
    public async Task A_damaged_specification_is_moved_aside_and_written_again()
    {
        await RecordAsync();
        File.WriteAllText(PathOf("repository.json"), "{");
        var result = await AssertMendedAsync(FindingKind.SpecificationDamaged, FindingSeverity.Error, "repository.json");
        Assert.Equal("{", File.ReadAllText(PathOf(result.MovedTo)));
        Assert.Single(await _test.ListAsync());
    }

    [Fact]
    public async Task Damaged_metadata_is_moved_aside_and_its_files_are_kept()
    {
        var experiment = await RecordAsync();
        var key = $"metadata/experiments/{experiment.Id}.json";
        var text = File.ReadAllText(PathOf(key))[..^20];
        File.WriteAllText(PathOf(key), text);
        var before = _test.RepositoryFiles().Where(file => file.EndsWith(".tar.gz", StringComparison.Ordinal));
        var result = await MendOnlyAsync(FindingKind.MetadataDamaged, FindingSeverity.Error, key);
        Assert.Equal(text, File.ReadAllText(PathOf(result.MovedTo)));
        Assert.All(before, file => Assert.True(File.Exists(PathOf(file))));
    }

    [Fact]
    public async Task Metadata_of_another_name_gets_its_own()
    {
        var experiment = await RecordAsync();
        var key = $"metadata/experiments/{experiment.Id}.json";
        File.Move(PathOf(key), PathOf($"metadata/experiments/{OtherId}.json"));
        await AssertMendedAsync(FindingKind.MetadataMisnamed, FindingSeverity.Error, $"metadata/experiments/{OtherId}.json");
        Assert.Equal(experiment.Id, Assert.Single(await _test.ListAsync()).Id);
        Assert.True(File.Exists(PathOf(key)));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(63)]
    public async Task An_id_of_another_length_is_named_and_stays(int length)
    {
        var experiment = await RecordAsync();
        var (key, id) = ($"metadata/experiments/{experiment.Id}.json", experiment.Id[..length]);
        File.WriteAllText(
            PathOf($"metadata/experiments/{id}.json"),
            $$"""{"id": "{{id}}", "created": "2026-01-01T00:00:00Z", "checkpoints": [{"id": "ABC", "created": "2026-01-01T00:00:00Z"}]}""");

        var finding = Assert.Single(await CheckAsync());
        Assert.Equal(
            (FindingKind.UnusualId, FindingSeverity.Warning, $"metadata/experiments/{id}.json", false),
            (finding.Kind, finding.Severity, finding.Path, finding.IsRepairable));
        Assert.Contains($"'{id}', 'ABC'", finding.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf(key)));
    }

    [Theory]
    [InlineData("\\u001b[31m")]
    [InlineData("a\\u0000b")]
    [InlineData("..")]
    [InlineData("a/b")]
    public async Task An_id_that_a_file_cannot_be_named_after_is_not_read(string id)
    {
        await RecordAsync();
        File.WriteAllText(PathOf($"metadata/experiments/{OtherId}.json"), $$"""{"id": "{{id}}", "created": "2026-01-01T00:00:00Z"}""");
        await AssertMendedAsync(FindingKind.MetadataDamaged, FindingSeverity.Error, $"metadata/experiments/{OtherId}.json");
        Assert.Single(await _test.ListAsync());
    }

    [Fact]
    public async Task Metadata_under_another_name_is_never_listed_as_the_experiment_it_claims_to_be()
    {
        var experiment = await RecordAsync();
        File.WriteAllText(
            PathOf($"metadata/experiments/{OtherId}.json"),
            $$"""{"id": "{{experiment.Id}}", "created": "2026-01-01T00:00:00Z", "command": "forged"}""");

        for (var listing = 0; listing < 2; listing++)
        {
            Assert.NotEqual("forged", Assert.Single(await _test.ListAsync()).Command);
        }
    }

    [Fact]
    public async Task Metadata_under_two_names_leaves_the_right_one_alone()
    {
        var experiment = await RecordAsync();
        var (key, copy) = ($"metadata/experiments/{experiment.Id}.json", $"metadata/experiments/{OtherId}.json");
        var original = File.ReadAllText(PathOf(key));
        File.WriteAllText(PathOf(copy), original.Replace("\"path\"", "\"path\" ", StringComparison.Ordinal));
        var findings = await CheckAsync();
        Assert.Contains(findings, finding => finding.Kind == FindingKind.CheckpointTwice);
        await _test.Project.RepairAsync(
            findings.Single(finding => finding.Kind == FindingKind.MetadataMisnamed), TestContext.Current.CancellationToken);
        Assert.Empty(await CheckAsync());
        Assert.Equal(original, File.ReadAllText(PathOf(key)));
    }

    [Fact]
    public async Task A_heartbeat_that_cannot_be_read_is_moved_aside()
    {
        await RecordAsync();
        _test.Directory.Write($".replicate/metadata/heartbeats/{OtherId}.json", "{}");
        await AssertMendedAsync(FindingKind.HeartbeatDamaged, FindingSeverity.Warning, $"metadata/heartbeats/{OtherId}.json");
    }

    [Fact]
    public async Task What_was_moved_aside_a_moment_ago_is_in_no_ones_way()
    {
        await RecordAsync();
        for (var time = 1; time <= 5; time++)
        {
            _test.Directory.Write($".replicate/metadata/heartbeats/{OtherId}.json", "{}");
            await AssertMendedAsync(FindingKind.HeartbeatDamaged, FindingSeverity.Warning, $"metadata/heartbeats/{OtherId}.json");
        }
    }

    [Fact]
    public async Task An_old_heartbeat_without_an_experiment_is_moved_aside()
    {
        await RecordAsync();
        var key = $"metadata/heartbeats/{OtherId}.json";
        var path = _test.Directory.Write($".replicate/{key}", $$"""{"experiment_id":"{{OtherId}}","last_heartbeat":"2020-09-01T21:42:25Z"}""");
        Assert.Empty(await CheckAsync());
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        await AssertMendedAsync(FindingKind.HeartbeatWithoutExperiment, FindingSeverity.Warning, key);
    }

    [Fact]
    public async Task Saved_files_that_are_missing_are_an_error_that_cannot_be_mended()
    {
        var experiment = await RecordAsync();
        var key = $"checkpoints/{experiment.Checkpoints[0].Id}.tar.gz";
        File.Delete(PathOf(key));
        var finding = Assert.Single(await CheckAsync(isQuick: true));
        Assert.Equal((FindingKind.ArchiveMissing, FindingSeverity.Error, key), (finding.Kind, finding.Severity, finding.Path));
        var result = await _test.Project.RepairAsync(finding, TestContext.Current.CancellationToken);
        Assert.False(result.IsMended);
        Assert.False(finding.IsRepairable);
    }

    [Fact]
    public async Task Saved_files_that_a_running_experiment_lacks_may_be_on_their_way()
    {
        var experiment = await RecordAsync();
        File.Delete(PathOf($"experiments/{experiment.Id}.tar.gz"));
        _test.Directory.Write(
            $".replicate/metadata/heartbeats/{experiment.Id}.json",
            $$"""{"experiment_id":"{{experiment.Id}}","last_heartbeat":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""");
        Assert.Equal(FindingSeverity.Information, Assert.Single(await CheckAsync()).Severity);
    }

    [Fact]
    public async Task A_flipped_bit_in_saved_files_is_found_by_reading_them()
    {
        var experiment = await RecordAsync();
        var key = $"experiments/{experiment.Id}.tar.gz";
        var bytes = File.ReadAllBytes(PathOf(key));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(PathOf(key), bytes);
        var finding = Assert.Single(await CheckAsync());
        Assert.Equal((FindingKind.ArchiveDamaged, key), (finding.Kind, finding.Path));
        Assert.Empty(await CheckAsync(isQuick: true));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_table_of_saved_files_is_found()
    {
        var experiment = await RecordAsync();
        var key = $"checkpoints/{experiment.Checkpoints[0].Id}.tar.gz";
        var bytes = File.ReadAllBytes(PathOf(key));
        bytes[^40] ^= 1;
        File.WriteAllBytes(PathOf(key), bytes);
        var finding = Assert.Single(await CheckAsync());
        Assert.Equal((FindingKind.ArchiveDamaged, key), (finding.Kind, finding.Path));
    }

    [Fact]
    public async Task Saved_files_that_are_whole_but_not_those_that_were_saved_are_found()
    {
        var experiment = await RecordAsync();
        foreach (var (id, key) in new[]
            { (experiment.Id, $"experiments/{experiment.Id}.tar.gz"), (experiment.Checkpoints[0].Id, $"checkpoints/{experiment.Checkpoints[0].Id}.tar.gz") })
        {
            using var other = new TemporaryDirectory();
            other.Write("train.py", "another");
            File.WriteAllBytes(PathOf(key), await Archives.Archive.SaveAsync(other, id: id));
        }

        var findings = await CheckAsync();
        Assert.Equal(2, findings.Count);
        Assert.All(findings, finding =>
        {
            Assert.Equal(FindingKind.ArchiveDamaged, finding.Kind);
            Assert.Contains("not the one that was written", finding.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Saved_files_without_an_owner_are_moved_aside_when_they_are_old()
    {
        await RecordAsync();
        var key = $"checkpoints/{OtherId}.tar.gz";
        var path = _test.Directory.Write($".replicate/{key}", "not read");
        Assert.Empty(await CheckAsync());
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        var result = await AssertMendedAsync(FindingKind.ArchiveWithoutOwner, FindingSeverity.Warning, key);
        Assert.Equal("not read", File.ReadAllText(PathOf(result.MovedTo)));
    }

    [Fact]
    public async Task A_file_that_a_killed_writer_left_is_moved_aside_when_it_is_old()
    {
        await RecordAsync();
        var name = "checkpoints/.0123456789abcdef.tmp";
        var path = _test.Directory.Write($".replicate/{name}", "half");
        Assert.Empty(await CheckAsync());
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        var result = await AssertMendedAsync(FindingKind.TemporaryFileLeft, FindingSeverity.Warning, name);
        Assert.Equal("half", File.ReadAllText(PathOf(result.MovedTo)));
    }

    [Fact]
    public async Task Saved_files_of_a_checkpoint_in_a_journal_have_an_owner()
    {
        _test.Directory.Write("train.py", "train");
        var experiment = await _test.CreateAsync();
        for (var step = 0; step < 20; step++)
        {
            await experiment.AddAsync(ExperimentSteps.Loss(step), "train.py");
        }

        Assert.Contains(_test.RepositoryFiles(), file => file.StartsWith("journal/", StringComparison.Ordinal));
        foreach (var file in _test.RepositoryFiles())
        {
            File.SetLastWriteTimeUtc(PathOf(file), DateTime.UtcNow.AddDays(-2));
        }

        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task A_line_of_a_journal_that_cannot_be_read_is_an_error()
    {
        var experiment = await RecordAsync();
        _test.Directory.Write($".replicate/journal/{experiment.Id}.jsonl", "{\n");
        Assert.Equal(FindingKind.JournalDamaged, Assert.Single(await CheckAsync()).Kind);
    }

    [Fact]
    public async Task A_journal_without_an_experiment_is_moved_aside()
    {
        await RecordAsync();
        _test.Directory.Write($".replicate/journal/{OtherId}.jsonl", "");
        await AssertMendedAsync(FindingKind.JournalWithoutExperiment, FindingSeverity.Warning, $"journal/{OtherId}.jsonl");
    }

    [Fact]
    public async Task A_file_of_another_kind_is_told_and_left()
    {
        await RecordAsync();
        _test.Directory.Write(".replicate/experiments/notes.txt", "mine");
        var finding = Assert.Single(await CheckAsync());
        Assert.Equal((FindingKind.UnknownFile, FindingSeverity.Information), (finding.Kind, finding.Severity));
        await _test.Project.RepairAsync(finding, TestContext.Current.CancellationToken);
        Assert.Equal("mine", File.ReadAllText(PathOf("experiments/notes.txt")));
    }

    [Fact]
    public async Task What_was_mended_meanwhile_is_told()
    {
        await RecordAsync();
        var path = _test.Directory.Write($".replicate/metadata/heartbeats/{OtherId}.json", "{}");
        var finding = Assert.Single(await CheckAsync());
        File.Delete(path);
        var result = await _test.Project.RepairAsync(finding, TestContext.Current.CancellationToken);
        Assert.True(result.IsMended);
        Assert.Contains("no longer there", result.Action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_version_is_refused()
    {
        await RecordAsync();
        File.WriteAllText(PathOf("repository.json"), """{"version":2}""");
        var error = await Assert.ThrowsAsync<ReplicateException>(() => CheckAsync());
        Assert.Equal("RepositoryVersionUnsupported", error.Id);
    }

    private string PathOf(string key) => Path.Combine(_test.RepositoryPath, key);

    private async Task<Experiment> RecordAsync()
    {
        _test.Directory.Write("train.py", string.Concat(Enumerable.Range(0, 5000)));
        var experiment = await _test.CreateAsync(new Hashtable { ["a"] = 1 }, "train.py");
        await experiment.AddAsync(ExperimentSteps.Loss(0.5), "train.py");
        await experiment.StopAsync(ExperimentStatus.Completed, cancellationToken: TestContext.Current.CancellationToken);
        return experiment;
    }

    private async Task<List<Finding>> CheckAsync(bool isQuick = false, Project? project = null)
    {
        var findings = new List<Finding>();
        await foreach (var finding in (project ?? _test.Project).CheckAsync(isQuick, cancellationToken: TestContext.Current.CancellationToken))
        {
            findings.Add(finding);
        }

        return findings;
    }

    private async Task<RepairResult> MendOnlyAsync(FindingKind kind, FindingSeverity severity, string path)
    {
        var finding = Assert.Single(await CheckAsync());
        Assert.Equal((kind, severity, path), (finding.Kind, finding.Severity, finding.Path));
        var result = await _test.Project.RepairAsync(finding, TestContext.Current.CancellationToken);
        Assert.True(result.IsMended);
        return result;
    }

    private async Task<RepairResult> AssertMendedAsync(FindingKind kind, FindingSeverity severity, string path)
    {
        var result = await MendOnlyAsync(kind, severity, path);
        Assert.Empty(await CheckAsync());
        return result;
    }
}
