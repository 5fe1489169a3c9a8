using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Replicate.Archives.Writing;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class RoundTripTests
{
    /// <summary>Around the limits of a ustar header: 100 bytes of name, 155 of prefix, nothing but ASCII.</summary>
    public static TheoryData<string> Names =>
    [
        "a",
        "with space/and.dot",
        ".hidden/h",
        "back\\slash",
        "line\nbreak",
        "модель-模型-é-🧪.pth",
        new string('x', 34),
        new string('x', 35),
        new string('x', 36),
        new string('L', 120),
        new string('n', 100),
        new string('n', 101),
        new string('d', 90) + "/" + new string('n', 100),
        new string('d', 91) + "/" + new string('n', 100),
        new string('d', 200) + "/" + new string('e', 200) + "/" + new string('f', 200),
        string.Join('/', Enumerable.Repeat("abcdefghi", 19)),
        string.Join('/', Enumerable.Repeat("deep", 200)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_survives(string name)
    {
        if (name.AsSpan().ContainsAny('\\', '\n'))
        {
            Archive.SkipOnWindows("Windows has no such names.");
        }

        using var project = new TemporaryDirectory();
        using var target = new TemporaryDirectory();
        project.Write(name, "content of it");

        var tarball = await Archive.SaveAsync(project);

        Assert.Equal(name, Assert.Single(await Archive.ListAsync(tarball)).Path);
        Assert.Equal([name], await Archive.CheckOutAsync(target.Path, null, (Archive.Id, tarball)));
        Assert.Equal("content of it", await File.ReadAllTextAsync(target.Combine(name), Archive.Token));
    }

    [Fact]
    public async Task Gnu_tar_reads_what_is_written()
    {
        Needs.Tar.Require();
        using var project = new TemporaryDirectory();
        using var target = new TemporaryDirectory();
        foreach (var name in Names)
        {
            project.Write(name.Data, name.Data);
        }

        File.CreateSymbolicLink(project.Combine("link"), new string('L', 120));
        File.CreateSymbolicLink(project.Combine("ссылка"), "a");
        var tarball = target.Combine("tarball.tar.gz");
        await File.WriteAllBytesAsync(tarball, await Archive.SaveAsync(project), Archive.Token);

        using var tar = Process.Start(new ProcessStartInfo("tar", ["-xzf", tarball, "-C", target.Path]) { RedirectStandardError = true })!;
        Assert.Equal("", await tar.StandardError.ReadToEndAsync(Archive.Token));
        await tar.WaitForExitAsync(Archive.Token);

        Assert.Equal(0, tar.ExitCode);
        Assert.Equal(Archive.Everything(project.Path), Archive.Everything(target.Combine(Archive.Id)));
        Assert.All(Names, name => Assert.Equal(name.Data, File.ReadAllText(target.Combine(Archive.Id, name.Data))));
        Assert.Equal("a", new FileInfo(target.Combine(Archive.Id, "ссылка")).LinkTarget);
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("pax")]
    [InlineData("posix")]
    public async Task What_gnu_tar_writes_is_read(string format)
    {
        Needs.Tar.Require();
        using var directory = new TemporaryDirectory();
        foreach (var name in Names)
        {
            directory.Write(Path.Combine(Archive.Id, name.Data), name.Data);
        }

        directory.Write(Archive.Id + "/target", "");
        File.CreateSymbolicLink(directory.Combine(Archive.Id, "link"), new string('L', 120));
        var tarball = directory.Combine("tarball.tar.gz");
        using var tar = Process.Start("tar", ["-czf", tarball, "--format", format, "-C", directory.Path, Archive.Id]);
        await tar.WaitForExitAsync(Archive.Token);

        var files = await Archive.ListAsync(await File.ReadAllBytesAsync(tarball, Archive.Token));

        Assert.Equal(
            Names.Select(name => name.Data).Append("target").Append("link").Order(StringComparer.Ordinal),
            files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal(new string('L', 120), files.Single(file => file.Path == "link").LinkTarget);
    }

    [Fact]
    public async Task Only_what_a_ustar_header_cannot_hold_gets_a_pax_record()
    {
        using var project = new TemporaryDirectory();
        project.Write("short", "1");
        project.Write(new string('d', 80) + "/prefixed", "2");
        project.Write(new string('n', 101), "3");
        project.Write("é", "4");

        using var reader = new TarReader(new GZipStream(new MemoryStream(await Archive.SaveAsync(project)), CompressionMode.Decompress));
        var formats = new List<(string, TarEntryFormat)>();
        while (await reader.GetNextEntryAsync(cancellationToken: Archive.Token) is { } entry)
        {
            formats.Add((entry.Name[^1..], entry.Format));
            Assert.Equal((0, 0), (entry.Uid, entry.Gid));
            Assert.Equal("", entry is PosixTarEntry posix ? posix.UserName + posix.GroupName : "");
        }

        Assert.Equal([("d", TarEntryFormat.Ustar), ("n", TarEntryFormat.Pax), ("t", TarEntryFormat.Ustar), ("é", TarEntryFormat.Pax)], formats);
    }

    [Fact]
    public async Task Modes_and_times_survive_without_setuid()
    {
        Archive.SkipOnWindows("Windows has no modes.");
        using var project = new TemporaryDirectory();
        using var target = new TemporaryDirectory();
        var modified = new DateTime(2021, 3, 4, 5, 6, 7, DateTimeKind.Utc);
        var granted = OperatingSystem.IsWindows() ? default : Archive.Granted(project);
        foreach (var (name, mode) in new[] { ("run.sh", "755"), ("secret", "600"), ("readonly", "444"), ("setuid", "7777") })
        {
            var file = project.Write(name, name);
            File.SetLastWriteTimeUtc(file, modified.AddMilliseconds(500));
            Archive.SetMode(file, mode);
        }

        var tarball = await Archive.SaveAsync(project);
        await Archive.CheckOutAsync(target.Path, null, (Archive.Id, tarball));

        Assert.Equal(
            ["readonly 444", "run.sh 755", "secret 600", "setuid 777"],
            (await Archive.ListAsync(tarball)).Select(file => $"{file} {Convert.ToString((int)file.Mode, 8)}"));
        Assert.All(await Archive.ListAsync(tarball), file =>
        {
            Assert.Equal(modified, file.LastModified.ToUniversalTime());
            Assert.Equal(Convert.ToString((int)(file.Mode & granted), 8), Archive.ModeOf(target.Combine(file.Path)));
            Assert.Equal(modified, File.GetLastWriteTimeUtc(target.Combine(file.Path)));
        });
    }

    [Fact]
    public async Task A_file_from_before_1970_is_saved_as_of_1970()
    {
        using var project = new TemporaryDirectory();
        File.SetLastWriteTimeUtc(project.Write("old", "1"), new DateTime(1969, 5, 1, 0, 0, 0, DateTimeKind.Utc));

        var file = Assert.Single(await Archive.ListAsync(await Archive.SaveAsync(project)));

        Assert.Equal(DateTime.UnixEpoch, file.LastModified.ToUniversalTime());
    }

    [Theory]
    [InlineData((1L << 33) - 1, TarEntryFormat.Ustar)]
    [InlineData(1L << 33, TarEntryFormat.Pax)]
    [InlineData(9L << 40, TarEntryFormat.Pax)]
    public void A_file_over_8_GiB_keeps_its_size_in_the_header(long length, TarEntryFormat format)
    {
        var header = TarHeader.Of("id/huge", new SavedFile { Path = "huge", Length = length });

        var read = new TarReader(new HeadStream(header)).GetNextEntry();

        Assert.Equal(("id/huge", length, format), (read!.Name, read.Length, read.Format));
    }

    [Fact]
    public async Task A_size_in_a_pax_record_counts_where_the_header_has_none()
    {
        var content = new byte[1500];
        content.AsSpan().Fill((byte)'x');
        var tarball = TarBytes.Empty.Record("size", "1500").Entry(TarBytes.Id + "/a", '0', "", content, 420, "00000000000")
            .File(TarBytes.Id + "/b").Tarball().ToArray();

        Assert.Equal([("a", 1500L), ("b", 1L)], (await Archive.ListAsync(tarball, TarBytes.Id)).Select(file => (file.Path, file.Length)));
    }

    [Fact]
    public async Task Progress_adds_up_to_all_bytes()
    {
        using var project = new TemporaryDirectory();
        project.Write("a", new string('a', 300_000));
        project.Write("b", "b");
        var reports = new Reports();
        using var output = new MemoryStream();

        await ArchiveWriter.WriteAsync(Archive.Id, Archive.Select(project), output, reports, Archive.Token);

        Assert.Equal(new Progress("Saving files of 8ee945b", 300_001, 300_001, ProgressUnit.Bytes), reports[^1]);
        Assert.Equal(reports.Select(report => report.Done).Order(), reports.Select(report => report.Done));
    }

    [Fact]
    public async Task Cancelling_leaves_a_tarball_that_does_not_look_whole()
    {
        using var project = new TemporaryDirectory();
        project.Write("a", "1");
        project.Write("b", "2");
        using var source = new CancellationTokenSource();
        using var output = new MemoryStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ArchiveWriter.WriteAsync(
            Archive.Id, Archive.Select(project), output, new Reports { OnReport = source.Cancel }, source.Token));

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => Archive.ListAsync(output.ToArray()));
        Assert.Equal("ArchiveDamaged", exception.Id);
    }

    private sealed class Reports : List<Progress>, IProgress<Progress>
    {
        public Action? OnReport { get; init; }

        public void Report(Progress value)
        {
            Add(value);
            OnReport?.Invoke();
        }
    }

    /// <summary>A file of which only the beginning is there.</summary>
    private sealed class HeadStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
