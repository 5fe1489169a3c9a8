using System.Diagnostics;
using System.Runtime.Versioning;
using Replicate.Storage;
using Replicate.Storage.Disk;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

public sealed class DiskStoreTests : StoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public DiskStoreTests() => Store = OpenAgain();

    protected override IObjectStore Store { get; }

    private string Root => _directory.Combine("repository");

    protected override IObjectStore OpenAgain() => new DiskStore(Root);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Reading_and_listing_create_nothing()
    {
        await What_is_missing_reads_as_nothing();
        Assert.Null(await PutAsync("a/b", "x", PutCondition.IfVersion("1-1")));

        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Nothing_but_the_objects_and_the_lock_is_left()
    {
        await An_interrupted_writer_leaves_nothing();

        Assert.Equal([".lock", "kept", "one"], Names());
    }

    [Fact]
    public async Task Files_of_the_store_itself_are_no_objects()
    {
        await PutAsync("a/.lock", "an object");
        _directory.Write("repository/a/.0123456789abcdef.tmp", "left by a killed writer");

        Assert.Equal(["a/.lock"], (await ListAsync("")).Select(item => item.Key));
        Assert.Equal("InvalidKey", (await Assert.ThrowsAsync<ReplicateException>(() => PutAsync(".lock", "x"))).Id);
    }

    [Fact]
    public async Task A_file_may_be_named_as_long_as_the_system_allows()
    {
        var key = "a/" + new string('x', 255);
        await PutAsync(key, "x");

        Assert.Equal("x", await ReadAsync(key));
    }

    [Fact]
    public async Task A_version_changes_even_when_the_clock_is_behind()
    {
        var first = await PutAsync("key", "1");
        File.SetLastWriteTimeUtc(Path.Combine(Root, "key"), DateTime.UtcNow.AddYears(10));
        var future = (await Store.StatAsync("key", Cancellation))!.Version;

        var versions = new[] { first, future, await PutAsync("key", "2"), await PutAsync("key", "3") };

        Assert.Equal(4, versions.Distinct().Count());
        Assert.Equal(versions[3], (await Store.ReadAsync("key", Cancellation))!.Version);
    }

    [Fact]
    public async Task What_another_program_writes_in_place_is_seen()
    {
        var version = await PutAsync("key", "1");
        File.WriteAllText(Path.Combine(Root, "key"), "changed");

        Assert.Equal("changed", await ReadAsync("key"));
        Assert.Null(await PutAsync("key", "2", PutCondition.IfVersion(version!)));
    }

    [Fact]
    public async Task A_linked_directory_and_a_linked_file_are_objects_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var file = _directory.Write("elsewhere/file", "12345");
        await PutAsync("own", "x");
        Directory.CreateSymbolicLink(Path.Combine(Root, "linked"), _directory.Combine("elsewhere"));
        File.CreateSymbolicLink(Path.Combine(Root, "link"), file);

        Assert.Equal(["link", "linked/file", "own"], (await ListAsync("")).Select(item => item.Key).Order());
        Assert.All(await ListAsync("l"), item => Assert.Equal(5, item.Length));
        Assert.Equal("12345", await ReadAsync("linked/file"));
    }

    [Fact]
    public async Task A_lock_that_stays_taken_is_an_error_that_names_it()
    {
        await PutAsync("key", "x");
        using var other = new FileStream(Path.Combine(Root, ".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var impatient = new DirectoryLock(Root) { Timeout = TimeSpan.FromMilliseconds(50) };

        var error = await Assert.ThrowsAsync<ReplicateException>(() => impatient.AcquireAsync(Cancellation));

        Assert.Equal("RepositoryLocked", error.Id);
        Assert.Contains(Path.Combine(Root, ".lock"), error.Message);
    }

    [Fact]
    public async Task Waiting_for_the_lock_can_be_cancelled_and_leaves_nothing()
    {
        await PutAsync("key", "x");
        using (new FileStream(Path.Combine(Root, ".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            using var cancellation = new CancellationTokenSource(50);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => Store.PutAsync("new", Text("x"), cancellationToken: cancellation.Token));
        }

        Assert.Equal([".lock", "key"], Names());
        Assert.NotNull(await PutAsync("new", "x"));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_to_is_an_error_that_names_it()
    {
        var file = _directory.Write("file", "in the way");
        var store = new DiskStore(Path.Combine(file, "repository"));

        var error = await Assert.ThrowsAsync<ReplicateException>(
            () => store.PutAsync("a", Text("x"), cancellationToken: Cancellation));

        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains(Path.Combine(file, "repository", "a"), error.Message);
        Assert.Null(await store.ReadAsync("a", Cancellation));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_directory_without_permission_is_an_error_that_names_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Nothing is forbidden to root.");
        await PutAsync("a/b", "x");
        var directory = Path.Combine(Root, "a");
        File.SetUnixFileMode(directory, UnixFileMode.None);
        try
        {
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<ReplicateException>(() => PutAsync("a/c", "x"))).Kind);
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<ReplicateException>(() => ReadAsync("a/b"))).Kind);
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<ReplicateException>(() => ListAsync("a/"))).Kind);
        }
        finally
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_full_disk_is_told()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no device that is always full.");
        var error = await Assert.ThrowsAnyAsync<IOException>(() => File.WriteAllTextAsync("/dev/full", "x", Cancellation));

        Assert.Equal("DiskFull", DiskError.From(error, "write", "/repository/a")!.Id);
    }

    [Fact]
    public async Task Killed_writers_leave_what_they_completed_and_no_lock()
    {
        var completed = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => WriteUntilKilledAsync($"writer{i}")));

        var objects = (await ListAsync("")).ToDictionary(item => item.Key);
        Assert.All(completed.SelectMany(keys => keys), key => Assert.Contains(key, objects));
        foreach (var key in objects.Keys)
        {
            var lines = (await ReadAsync(key)).Split('\n');
            Assert.Equal(20_001, lines.Length);
            Assert.Single(lines.SkipLast(1).Distinct());
        }

        var waited = Stopwatch.StartNew();
        Assert.NotNull(await PutAsync("afterwards", "x"));
        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(5));
    }

    private async Task<List<string>> WriteUntilKilledAsync(string name)
    {
        var child = Path.Combine(AppContext.BaseDirectory, "child", "Replicate.Tests.Child.dll");
        var start = AssemblyProgram.Start(child, Root, name);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var keys = new List<string>();
        while (keys.Count < 10)
        {
            keys.Add((await process.StandardOutput.ReadLineAsync(Cancellation))!);
        }

        process.Kill();
        await process.WaitForExitAsync(Cancellation);
        return keys;
    }

    private IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
