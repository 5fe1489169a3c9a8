using Replicate.Archives.Selecting;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class CheckPathTests
{
    [Theory]
    [InlineData(".")]
    [InlineData("data")]
    [InlineData("data/")]
    [InlineData("./data")]
    [InlineData("data/../data2")]
    [InlineData("data/weights")]
    [InlineData("../project/data")]
    [InlineData("missing/../data")]
    public void A_relative_path_is_recorded_as_given(string path)
    {
        using var directory = NewProject(out var project);

        Assert.Equal(path, FileSelection.CheckPath(project, path));
        Assert.NotEmpty(FileSelection.Select(project, path, []));
    }

    [Fact]
    public void An_absolute_path_becomes_relative()
    {
        using var directory = NewProject(out var project);

        Assert.Equal("data/weights", FileSelection.CheckPath(project, Path.Combine(project, "data", "weights")));
        Assert.Equal("data", FileSelection.CheckPath(project, Path.Combine(project, "data") + Path.DirectorySeparatorChar));
        Assert.Equal("data2", FileSelection.CheckPath(project, Path.Combine(project, "data", "..", "data2")));
        Assert.Equal(".", FileSelection.CheckPath(project, project));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("data/../../outside")]
    [InlineData("../project2/data")]
    [InlineData("../../../../../../../../../../etc/passwd")]
    public void A_path_that_leads_outside_is_refused(string path)
    {
        using var directory = NewProject(out var project);

        AssertError("PathOutsideProject", project, path);
        AssertError("PathOutsideProject", project, Path.GetFullPath(path, project));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("data/missing")]
    [InlineData("data2/")]
    [InlineData("nul\0character")]
    public void A_path_that_does_not_exist_is_an_error(string path)
    {
        using var directory = NewProject(out var project);

        AssertError("PathNotFound", project, path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_path_is_refused(string path)
    {
        using var directory = NewProject(out var project);

        AssertError("PathEmpty", project, path);
    }

    [Fact]
    public void A_project_reached_through_a_link_takes_both_of_its_names()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        using var directory = NewProject(out var project);
        var link = directory.Combine("link");
        Directory.CreateSymbolicLink(link, project);

        Assert.Equal("data/weights", FileSelection.CheckPath(link, Path.Combine(project, "data", "weights")));
        Assert.Equal("data/weights", FileSelection.CheckPath(project, Path.Combine(link, "data", "weights")));
        Assert.Equal(".", FileSelection.CheckPath(project, link));
        Assert.Equal("../project/data", FileSelection.CheckPath(link, "../project/data"));
        Assert.Equal(
            ["data/weights"],
            FileSelection.Select(link, Path.Combine(project, "data"), []).Select(file => file.Path));
    }

    [Fact]
    public void A_link_in_the_project_counts_by_its_own_place()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        using var directory = NewProject(out var project);
        File.CreateSymbolicLink(Path.Combine(project, "out"), directory.Combine("outside"));
        Directory.CreateSymbolicLink(Path.Combine(project, "outdir"), directory.Combine("project2"));
        File.CreateSymbolicLink(Path.Combine(project, "dangling"), "nowhere");

        Assert.Equal("out", FileSelection.CheckPath(project, Path.Combine(project, "out")));
        Assert.Equal("outdir/data", FileSelection.CheckPath(project, "outdir/data"));
        AssertError("PathNotFound", project, "dangling");
    }

    private static TemporaryDirectory NewProject(out string project)
    {
        var directory = new TemporaryDirectory();
        directory.Write("project/data/weights", "w");
        directory.Write("project/data2", "2");
        directory.Write("project2/data", "other");
        directory.Write("outside", "o");
        project = directory.Combine("project");
        return directory;
    }

    private static void AssertError(string id, string project, string path)
    {
        var exception = Assert.Throws<ReplicateException>(() => FileSelection.CheckPath(project, path));
        Assert.Equal(id, exception.Id);
        Assert.Contains(Value.Escape(path.Trim()), exception.Message, StringComparison.Ordinal);
    }
}
