using Replicate.Tests.Support;

namespace Replicate.Tests.Configuration;

public class LocalStateTests
{
    [Theory]
    [InlineData("file://.replicate")]
    [InlineData("s3://bucket/root")]
    [InlineData("file:///elsewhere")]
    public void Beside_a_configuration_file_it_is_the_projects_own(string repository)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("replicate.yaml", "repository: gs://bucket");

        Assert.Equal(directory.Combine(".replicate"), Of(repository, directory));
    }

    [Fact]
    public void A_default_repository_holds_it()
    {
        using var directory = new TemporaryDirectory();

        Assert.Equal(directory.Combine(".replicate"), Of("file://.replicate", directory));
    }

    [Fact]
    public void Otherwise_it_is_in_the_users_cache_and_nothing_is_created()
    {
        using var directory = new TemporaryDirectory();

        var state = Of("s3://bucket/root", directory);

        Assert.True(Path.IsPathFullyQualified(state));
        Assert.EndsWith(Path.Combine("replicate", "502f1b03c9432f94"), state, StringComparison.Ordinal);
        Assert.NotEqual(state, Of("s3://bucket/root2", directory));
        Assert.False(Directory.Exists(state));
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    private static string Of(string repository, TemporaryDirectory directory) =>
        LocalState.DirectoryFor(ProjectConfiguration.Resolve(repository, directory.Path, directory.Path, environment: null));
}
