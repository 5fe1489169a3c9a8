using System.Runtime.Versioning;
using Replicate.Configuration;
using Replicate.Tests.Support;

namespace Replicate.Tests.Configuration;

public class LocalStateTests
{
    [Theory]
    [InlineData("file://.replicate")]
    [InlineData("s3://bucket/root")]
    [InlineData("file:///elsewhere")]
    public void It_is_never_inside_the_project_and_nothing_is_created(string repository)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("replicate.yaml", "repository: gs://bucket");
        var configuration = Of(repository, directory.Path);

        foreach (var place in new[] { LocalState.DirectoryFor(configuration), LocalState.CacheFor(configuration), LocalState.SpoolFor(configuration) })
        {
            Assert.StartsWith(Environment.GetEnvironmentVariable("REPLICATE_STATE")!, place, StringComparison.Ordinal);
            Assert.False(Directory.Exists(place));
        }

        Assert.Equal(["replicate.yaml"], Directory.EnumerateFileSystemEntries(directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Each_project_and_each_repository_has_its_own()
    {
        using var one = new TemporaryDirectory();
        using var two = new TemporaryDirectory();
        Configurations[] all = [
            new(one.Path, "s3://bucket/root"), new(two.Path, "s3://bucket/root"), new(one.Path, "s3://bucket/root2"), new(one.Path, "gs://bucket/root")];

        Assert.Equal(all.Length, all.Select(each => LocalState.SpoolFor(Of(each.Repository, each.Directory))).Distinct().Count());
    }

    [Fact]
    public void A_project_has_the_same_by_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there");
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.Combine("project"));
        Directory.CreateSymbolicLink(directory.Combine("link"), directory.Combine("project"));

        Assert.Equal(
            LocalState.SpoolFor(Of("s3://bucket", directory.Combine("project"))), LocalState.SpoolFor(Of("s3://bucket", directory.Combine("link"))));
    }

    [Theory]
    [InlineData(0b111_111_000, false)]
    [InlineData(0b111_000_010, false)]
    [InlineData(0b111_101_101, true)]
    [InlineData(0b111_000_000, true)]
    [UnsupportedOSPlatform("windows")]
    public void What_others_may_write_is_refused(int mode, bool isPrivate)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows protects it");
        using var directory = new TemporaryDirectory();
        var inner = Directory.CreateDirectory(directory.Combine("root", "project", "spool")).FullName;
        File.SetUnixFileMode(directory.Combine("root", "project"), (UnixFileMode)mode);

        Assert.Equal(isPrivate ? null : "StateNotPrivate", Check(directory.Combine("root"), inner));
    }

    [Fact]
    public void A_link_in_place_of_a_directory_is_refused_and_what_is_not_there_is_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows protects it");
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.Combine("root"));
        Directory.CreateDirectory(directory.Combine("theirs", "spool"));
        Directory.CreateSymbolicLink(directory.Combine("root", "project"), directory.Combine("theirs"));

        Assert.Equal("StateNotPrivate", Check(directory.Combine("root"), directory.Combine("root", "project", "spool")));
        Assert.Null(Check(directory.Combine("root"), directory.Combine("root", "other", "spool")));
    }

    [Theory]
    [InlineData(0b110_000_000, true)]
    [InlineData(0b110_100_100, true)]
    [InlineData(0b110_010_000, false)]
    [InlineData(0b110_000_010, false)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_others_may_write_is_refused(int mode, bool isPrivate)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows protects it");
        using var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Write("root/project/targets", ""), (UnixFileMode)mode);

        Assert.Equal(isPrivate ? null : "StateNotPrivate", Check(directory.Combine("root"), directory.Combine("root", "project", "targets"), isFile: true));
    }

    [Fact]
    public void A_link_or_a_directory_in_place_of_a_file_is_refused_and_so_is_a_file_below_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows protects it");
        using var directory = new TemporaryDirectory();
        directory.Write("theirs/targets", "");
        Directory.CreateDirectory(directory.Combine("root", "directory"));
        File.CreateSymbolicLink(directory.Combine("root", "link"), directory.Combine("theirs", "targets"));
        Directory.CreateSymbolicLink(directory.Combine("root", "project"), directory.Combine("theirs"));

        Assert.All(
            new[] { "directory", "link", "project/targets" },
            file => Assert.Equal("StateNotPrivate", Check(directory.Combine("root"), directory.Combine("root", file), isFile: true)));
        Assert.Null(Check(directory.Combine("root"), directory.Combine("root", "missing"), isFile: true));
    }

    private static string? Check(string root, string path, bool isFile = false)
    {
        try
        {
            if (isFile)
            {
                LocalState.CheckPrivateFile(root, path);
            }
            else
            {
                LocalState.CheckPrivate(root, path);
            }

            return null;
        }
        catch (ReplicateException error)
        {
            return error.Id;
        }
    }

    private static ProjectConfiguration Of(string repository, string directory) =>
        ProjectConfiguration.Resolve(repository, directory, directory, environment: null);

    private sealed record Configurations(string Directory, string Repository);
}
