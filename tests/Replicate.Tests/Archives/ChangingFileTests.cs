using Replicate.Archives.Writing;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class ChangingFileTests
{
    private const int Large = 1 << 20;

    [Fact]
    public async Task A_file_that_is_named_itself_and_vanished_is_an_error()
    {
        using var project = new TemporaryDirectory();
        var path = project.Write("model", "1");
        var selected = Archive.Select(project, "model");
        File.Delete(path);
        using var output = new MemoryStream();

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => ArchiveWriter.WriteAsync(Archive.Id, selected, output, null, Archive.Token));

        Assert.Equal("FileChanged", exception.Id);
    }

    [Theory]
    [InlineData("a", "large", "z")]
    [InlineData("a")]
    [InlineData("z")]
    [InlineData("large")]
    [InlineData("a", "b", "large", "z")]
    public async Task Files_that_were_found_and_vanished_are_named_and_the_rest_is_saved(params string[] vanished)
    {
        using var project = new TemporaryDirectory();
        foreach (var name in new[] { "a", "b", "z" })
        {
            project.Write(name, name);
        }

        project.Write("large", new string('x', Large));
        project.Write("zz/last", "last");
        var selected = Archive.Select(project);
        Array.ForEach(vanished, name => File.Delete(project.Combine(name)));
        using var output = new MemoryStream();
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            await ArchiveWriter.WriteAsync(Archive.Id, selected, output, null, Archive.Token);
        }

        Assert.Equal(
            new[] { "a", "b", "large", "z", "zz/last" }.Except(vanished), (await Archive.ListAsync(output.ToArray())).Select(file => file.Path));
        Assert.Equal(
            vanished.Select(name => $"'{name}' is not saved: it vanished before it could be saved.").Order(StringComparer.Ordinal),
            warnings.Warnings.Order(StringComparer.Ordinal));
        using var target = new TemporaryDirectory();
        await Archive.CheckOutAsync(target.Path, null, (Archive.Id, output.ToArray()));
        Assert.Equal("last", await File.ReadAllTextAsync(target.Combine("zz", "last"), Archive.Token));
    }

    [Fact]
    public async Task A_file_that_shrinks_while_it_is_read_is_an_error() =>
        Assert.Equal("FileChanged", (await SaveFailsAsync(path => Change(path, stream => stream.SetLength(10)))).Id);

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_an_error() =>
        Assert.Equal("FileChanged", (await SaveFailsAsync(path => File.AppendAllText(path, "more"))).Id);

    [Fact]
    public async Task A_file_that_is_written_over_while_it_is_read_is_an_error() =>
        Assert.Equal("FileChanged", (await SaveFailsAsync(path =>
        {
            Change(path, stream => stream.WriteByte(1));
            File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        })).Id);

    [Fact]
    public async Task A_file_that_changed_between_selecting_and_reading_is_saved_as_it_is_then()
    {
        using var project = new TemporaryDirectory();
        var path = project.Write("log", "one line\n");
        var selected = Archive.Select(project);
        await File.AppendAllTextAsync(path, "another\n", Archive.Token);
        using var output = new MemoryStream();

        await ArchiveWriter.WriteAsync(Archive.Id, selected, output, null, Archive.Token);

        Assert.Equal(17, Assert.Single(await Archive.ListAsync(output.ToArray())).Length);
    }

    [Fact]
    public async Task A_file_that_was_found_and_cannot_be_read_is_named_and_the_rest_is_saved()
    {
        Archive.SkipOnWindows("Windows has no modes.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root reads everything.");
        using var project = new TemporaryDirectory();
        project.Write("a", "1");
        Archive.SetMode(project.Write("before", "2"), "0");
        var large = project.Write("large", new string('x', Large));
        var small = project.Write("small", "3");
        project.Write("z", "4");
        using var output = new MemoryStream();
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            var selected = Archive.Select(project);
            Archive.SetMode(large, "0");
            Archive.SetMode(small, "0");
            await ArchiveWriter.WriteAsync(Archive.Id, selected, output, null, Archive.Token);
        }

        Assert.Equal(["a", "z"], (await Archive.ListAsync(output.ToArray())).Select(file => file.Path));
        Assert.Equal(
            new[] { "before", "large", "small" }.Select(name => $"'{name}' is not saved: permission to read it is denied."),
            warnings.Warnings.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_named_itself_and_cannot_be_read_is_an_error()
    {
        Archive.SkipOnWindows("Windows has no modes.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root reads everything.");
        using var project = new TemporaryDirectory();
        var path = project.Write("model", "1");
        var selected = Archive.Select(project, "model");
        Archive.SetMode(path, "0");

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => ArchiveWriter.WriteAsync(Archive.Id, selected, new MemoryStream(), null, Archive.Token));

        Assert.Equal(("FileUnreadable", ErrorKind.PermissionDenied), (exception.Id, exception.Kind));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    private static void Change(string path, Action<FileStream> change)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        change(stream);
    }

    /// <summary>Saves a large file between two small ones; what was written must not look like a tarball.</summary>
    private static async Task<ReplicateException> SaveFailsAsync(Action<string> whileReading)
    {
        using var project = new TemporaryDirectory();
        project.Write("a", "1");
        var path = project.Write("large", new string('x', Large));
        project.Write("z", "1");
        var selected = Archive.Select(project);
        using var output = new MemoryStream();

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => ArchiveWriter.WriteAsync(
            Archive.Id, selected, output, new FirstLargeRead(() => whileReading(path)), Archive.Token));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Equal("ArchiveDamaged", (await Assert.ThrowsAsync<ReplicateException>(() => Archive.ListAsync(output.ToArray()))).Id);
        return exception;
    }

    private sealed class FirstLargeRead(Action action) : IProgress<Progress>
    {
        private bool _done;

        public void Report(Progress value)
        {
            if (!_done && value.Done > 1)
            {
                _done = true;
                action();
            }
        }
    }
}
