using Replicate.Archives.CheckingOut;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>A tarball from somebody else that wants to plant what git or Replicate obeys.</summary>
public sealed class PlantedFilesTests : IDisposable
{
    private const string Id = TarBytes.Id;

    private readonly TemporaryDirectory _target = new();
    private readonly CollectedLog _log = new();

    public void Dispose() => _target.Dispose();

    [Theory]
    [InlineData(".git/config")]
    [InlineData(".GIT/hooks/pre-commit")]
    [InlineData("deep/er/.Git/config")]
    [InlineData(".git")]
    [InlineData("GIT~1/config")]
    [InlineData("git~2")]
    [InlineData(".git./config")]
    [InlineData(".git . ./config")]
    [InlineData(".git::$INDEX_ALLOCATION/config")]
    [InlineData(".git:stream")]
    [InlineData(@"a\.git\config")]
    [InlineData(".g\u200cit/config")]
    [InlineData("\ufeff.git/config")]
    [InlineData(".gi\u202et/config")]
    [InlineData(".hg/hgrc")]
    [InlineData("sub/.\u017fvn/hooks/start-commit")]
    [InlineData(".svn/x")]
    [InlineData(".replicate/spool/x")]
    [InlineData("REPLIC~1/spool/x")]
    [InlineData(".\u212aeepsake/x")]
    [InlineData("KEEPSA~3/x")]
    [InlineData(".jj/x")]
    [InlineData("_darcs/prefs/defaults")]
    [InlineData(".replicate-checkout-abc/plan")]
    public async Task What_is_never_saved_is_never_checked_out_however_it_is_written(string path)
    {
        var files = await CheckOutAsync(null, tar => tar.File($"{Id}/{path}", "planted").File(Id + "/train.py", "v1"));

        Assert.Equal(["train.py"], files);
        Assert.Equal(["train.py"], Archive.Everything(_target.Path));
        Assert.Equal("v1", Text("train.py"));
        Assert.Contains(VisibleText.Of(path), Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".git/config")]
    [InlineData(".git")]
    public async Task Not_even_when_it_is_named(string path) =>
        Assert.Empty(await CheckOutAsync(path, tar => tar.File(Id + "/.git/config", "planted")));

    [Theory]
    [InlineData(".github/workflows/test.yml")]
    [InlineData(".gitignore")]
    [InlineData("git/config")]
    [InlineData("my.git/config")]
    [InlineData("git~a")]
    [InlineData("replicate/x")]
    [InlineData("v1.git~")]
    [InlineData("data~1/x")]
    public async Task What_only_looks_alike_is_checked_out(string path)
    {
        Assert.Equal([path], await CheckOutAsync(null, tar => tar.File($"{Id}/{path}", "mine")));
        Assert.Equal("mine", Text(path));
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task A_link_into_it_is_left_out()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        Assert.Equal(["a"], await CheckOutAsync(null, tar => tar.Link(Id + "/log.txt", ".git/config").File(Id + "/a")));
    }

    [Fact]
    public async Task All_that_is_left_out_is_named_in_one_warning()
    {
        await CheckOutAsync(null, tar => tar.File(Id + "/.git/config").File(Id + "/.hg/hgrc").File(Id + "/a"));

        var warning = Assert.Single(_log.Warnings);
        Assert.Contains("'.git/config', '.hg/hgrc'", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replicate.yaml", "replicate.yaml")]
    [InlineData("replicate.yaml", "REPLICATE.YAML")]
    [InlineData("replicate.yaml", "REPLIC~1.YAM")]
    [InlineData("keepsake.yml", "keepsa~2.yml")]
    [InlineData("replicate.yml", "replicate.yaml")]
    [InlineData("keepsake.yaml", "replicate.yaml")]
    [InlineData(".replicateignore", ".replicateignore")]
    [InlineData(".keepsakeignore", ".replicateignore")]
    [InlineData(".replicateignore", "keepsake.yaml")]
    public async Task A_configuration_that_would_change_the_project_s_is_left_out_with_a_warning_that_tells_how_to_get_it(string existing, string planted)
    {
        _target.Write(existing, "repository: file://mine");

        var files = await CheckOutAsync(null, tar => tar.File($"{Id}/{planted}", "repository: s3://theirs").File(Id + "/model"));

        Assert.Equal(["model"], files);
        Assert.Equal("repository: file://mine", Text(existing));
        Assert.Contains($"by the path '{planted}'", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replicate.yaml")]
    [InlineData(".replicateignore")]
    public async Task One_that_is_named_is_checked_out(string path)
    {
        _target.Write(path, "repository: file://mine");

        Assert.Equal([path], await CheckOutAsync(path, tar => tar.File($"{Id}/{path}", "repository: s3://theirs").File(Id + "/model")));
        Assert.Equal("repository: s3://theirs", Text(path));
    }

    [Fact]
    public async Task One_that_says_the_same_passes_in_silence()
    {
        _target.Write("replicate.yaml", "repository: file://mine");

        var files = await CheckOutAsync(null, tar => tar.File(Id + "/replicate.yaml", "repository: file://mine").File(Id + "/model"));

        Assert.Equal(["model", "replicate.yaml"], files);
        Assert.Empty(_log.Warnings);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Into_a_new_directory_all_is_checked_out_and_only_another_repository_is_warned_of(bool isOther, int warnings)
    {
        var files = await CheckOutAsync(
            null, tar => tar.File(Id + "/replicate.yaml", "repository: s3://theirs").File(Id + "/.replicateignore", "*.tmp"), isOther);

        Assert.Equal([".replicateignore", "replicate.yaml"], files);
        Assert.Equal("repository: s3://theirs", Text("replicate.yaml"));
        Assert.Equal(warnings, _log.Warnings.Count);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Into_a_project_that_has_none_one_of_the_same_repository_is_checked_out(bool isOther, bool isCheckedOut)
    {
        _target.Write("train.py", "v1");

        await CheckOutAsync(null, tar => tar.File(Id + "/replicate.yaml", "repository: s3://ours").File(Id + "/a"), isOther);

        Assert.Equal(isCheckedOut, File.Exists(_target.Combine("replicate.yaml")));
    }

    [Theory]
    [InlineData("*.tmp\n!*.py", false)]
    [InlineData("# !\n*.tmp", true)]
    public async Task An_ignore_file_where_there_is_none_may_exclude_and_not_include(string rules, bool isCheckedOut)
    {
        _target.Write("train.py", "v1");

        await CheckOutAsync(null, tar => tar.File(Id + "/sub/.replicateignore").File(Id + "/.replicateignore", rules));

        Assert.Equal(isCheckedOut, File.Exists(_target.Combine(".replicateignore")));
    }

    [Fact]
    public async Task What_the_project_s_configuration_is_a_link_to_is_left_out()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        _target.Write("conf/production.yaml", "repository: file://mine");
        File.CreateSymbolicLink(_target.Combine("replicate.yaml"), "conf/production.yaml");

        Assert.Equal(["a"], await CheckOutAsync(null, tar => tar.File(Id + "/conf/production.yaml", "repository: s3://theirs").File(Id + "/a")));
        Assert.Equal("repository: file://mine", Text("replicate.yaml"));
    }

    private string Text(string path) => File.ReadAllText(_target.Combine(path));

    private async Task<IReadOnlyList<string>> CheckOutAsync(string? path, Func<TarBytes, TarBytes> fill, bool isOther = true)
    {
        using var told = Log.SendTo(_log);
        await using var checkOut = new CheckOut(_target.Path, path) { NamesOtherRepository = _ => isOther };
        await checkOut.AddAsync(Id, Archive.FileOf(fill(new TarBytes()).Tarball().ToArray()), cancellationToken: Archive.Token);
        return checkOut.Commit();
    }
}
