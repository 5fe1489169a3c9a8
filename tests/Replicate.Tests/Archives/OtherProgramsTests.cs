using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using ICSharpCode.SharpZipLib.GZip;
using ICSharpCode.SharpZipLib.Tar;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>To any other program a tarball with an index is an ordinary one, without anything behind its end.</summary>
public sealed class OtherProgramsTests : IDisposable
{
    private const string Sums = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private readonly TemporaryDirectory _project = new();
    private readonly TemporaryDirectory _work = new();

    public OtherProgramsTests()
    {
        foreach (var letter in Sums)
        {
            _project.Write($"files/{letter}", new string(letter, 100_000));
        }

        var weights = new byte[2_000_000];
        new Random(1).NextBytes(weights);
        File.WriteAllBytes(_project.Combine("weights"), weights);
    }

    public void Dispose()
    {
        _project.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task Dotnet_reads_it()
    {
        await using var gzip = new GZipStream(new MemoryStream(await Archive.SaveAsync(_project)), CompressionMode.Decompress);
        var tar = new MemoryStream();
        await gzip.CopyToAsync(tar, Archive.Token);
        Assert.Equal(0, tar.Length % 512);
        tar.Position = 0;
        using var reader = new TarReader(tar);
        var names = new List<string>();
        while (await reader.GetNextEntryAsync(cancellationToken: Archive.Token) is { } entry)
        {
            names.Add(entry.Name);
        }

        Assert.Equal(Sums.Length + 1, names.Count);
        Assert.Equal(512, tar.Length - tar.Position); // The second of the two blocks that end it.
    }

    [Fact]
    public async Task SharpZipLib_reads_it()
    {
        var files = await ReadWithSharpZipLibAsync(await Archive.SaveAsync(_project));

        var saved = Archive.Everything(_project.Path).Where(path => File.Exists(_project.Combine(path))).ToList();
        Assert.Equal(saved.Select(path => $"{Archive.Id}/{path}").Order(StringComparer.Ordinal), files.Keys.Order(StringComparer.Ordinal));
        Assert.All(saved, path => Assert.Equal(File.ReadAllBytes(_project.Combine(path)), files[$"{Archive.Id}/{path}"]));
    }

    [Theory]
    [MemberData(nameof(RoundTripTests.Names), MemberType = typeof(RoundTripTests))]
    public async Task SharpZipLib_reads_any_name(string name)
    {
        if (name.AsSpan().ContainsAny('\\', '\n'))
        {
            Archive.SkipOnWindows("Windows has no such names.");
        }

        using var project = new TemporaryDirectory();
        project.Write(name, "content of it");

        var file = Assert.Single(await ReadWithSharpZipLibAsync(await Archive.SaveAsync(project)));

        Assert.Equal($"{Archive.Id}/{name}", file.Key);
        Assert.Equal("content of it", System.Text.Encoding.UTF8.GetString(file.Value));
    }

    [Theory]
    [InlineData("gzip", "-t", "{0}")]
    [InlineData("tar", "-xzf", "{0}", "-C", "{1}")]
    [InlineData("python3", "-c", "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])", "{0}", "{1}")]
    [InlineData("node", "-e", "require('fs').writeFileSync(process.argv[2] + '/tar', require('zlib').gunzipSync(require('fs').readFileSync(process.argv[1])))", "{0}", "{1}")]
    public async Task Other_programs_read_it_without_a_word(string program, params string[] arguments)
    {
        var tarball = _work.Combine("tarball.tar.gz");
        await File.WriteAllBytesAsync(tarball, await Archive.SaveAsync(_project), Archive.Token);
        var target = Directory.CreateDirectory(_work.Combine("target")).FullName;

        await RunAsync(program, arguments.Select(argument => argument == "{0}" ? tarball : argument == "{1}" ? target : argument));
        if (program is "node")
        {
            await RunAsync("tar", ["-xf", Path.Combine(target, "tar"), "-C", target]);
        }

        if (program is not "gzip")
        {
            Assert.All(Archive.Everything(_project.Path).Where(path => File.Exists(_project.Combine(path))), path => Assert.Equal(
                File.ReadAllBytes(_project.Combine(path)), File.ReadAllBytes(Path.Combine(target, Archive.Id, path))));
        }
    }

    [Fact]
    public async Task Java_reads_it()
    {
        var tarball = _work.Combine("tarball.tar.gz");
        await File.WriteAllBytesAsync(tarball, await Archive.SaveAsync(_project), Archive.Token);
        var source = _work.Write("Unzip.java", """
            public class Unzip {
                public static void main(String[] args) throws Exception {
                    try (var in = new java.util.zip.GZIPInputStream(new java.io.FileInputStream(args[0])); var out = new java.io.FileOutputStream(args[1])) {
                        in.transferTo(out);
                    }
                }
            }
            """);

        await RunAsync("java", [source, tarball, _work.Combine("tar")]);
        await RunAsync("tar", ["-xf", _work.Combine("tar"), "-C", _work.Path]);

        Assert.Equal(Archive.Everything(_project.Path), Archive.Everything(_work.Combine(Archive.Id)));
    }

    /// <summary>The contents by the names.</summary>
    /// <remarks>It is not asked for an entry over 8 GiB or a link target over 100 characters: both it reads wrongly.</remarks>
    private static async Task<Dictionary<string, byte[]>> ReadWithSharpZipLibAsync(byte[] tarball)
    {
        await using var gzip = new GZipInputStream(new MemoryStream(tarball));
        await using var reader = new TarInputStream(gzip, System.Text.Encoding.UTF8);
        var files = new Dictionary<string, byte[]>();
        while (await reader.GetNextEntryAsync(Archive.Token) is { } entry)
        {
            Assert.True(entry.TarHeader.IsChecksumValid);
            var content = new MemoryStream();
            await reader.CopyEntryContentsAsync(content, Archive.Token);
            files.Add(entry.Name, content.ToArray());
        }

        return files;
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        NeedExtensions.RequireProgram(program);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Archive.Token);
        Assert.Equal("", await process.StandardError.ReadToEndAsync(Archive.Token));
        Assert.Equal("", await output);
        await process.WaitForExitAsync(Archive.Token);
        Assert.Equal(0, process.ExitCode);
    }
}
