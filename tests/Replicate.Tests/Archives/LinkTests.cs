using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>Links inside what is saved stay links; others are followed once, or named when they lead nowhere.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly TemporaryDirectory _project = new();
    private readonly TemporaryDirectory _elsewhere = new();
    private readonly Warnings _warnings = [];
    private readonly IDisposable _log;

    public LinkTests()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        _log = Log.SendTo(_warnings);
    }

    public void Dispose()
    {
        _log.Dispose();
        _project.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_link_inside_what_is_saved_is_saved_as_a_link()
    {
        _project.Write("runs/5/model", "five");
        Link("latest", "runs/5");
        Link("runs/best", "5/model");
        Link("runs/5/up", "../..");
        Link("chain", "latest/model");

        Assert.Equal(
            ["chain -> runs/5/model", "latest -> runs/5", "runs/5/model", "runs/5/up -> ../..", "runs/best -> 5/model"],
            Selected());

        using var target = new TemporaryDirectory();
        await Archive.CheckOutAsync(target.Path, null, (Archive.Id, await Archive.SaveAsync(_project)));
        Assert.Equal("runs/5", new FileInfo(target.Combine("latest")).LinkTarget);
        Assert.Equal("five", await File.ReadAllTextAsync(target.Combine("chain"), Archive.Token));
        Assert.Equal("five", await File.ReadAllTextAsync(target.Combine("runs/best"), Archive.Token));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void An_absolute_link_into_what_is_saved_becomes_relative()
    {
        _project.Write("runs/5/model", "five");
        Link("best/model", _project.Combine("runs/5/model"));

        Assert.Equal(["best/model -> ../runs/5/model", "runs/5/model"], Selected());
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere_is_followed()
    {
        _elsewhere.Write("file", "outside");
        _elsewhere.Write("data/sub/a", "a");
        Directory.CreateSymbolicLink(_elsewhere.Combine("data/first"), "sub");
        Link("file", _elsewhere.Combine("file"));
        Link("data", _elsewhere.Combine("data"));
        Link("data2", _elsewhere.Combine("data/sub"));

        Assert.Equal(["data/first -> sub", "data/sub/a", "data2 -> data/sub", "file"], Selected());

        using var target = new TemporaryDirectory();
        await Archive.CheckOutAsync(target.Path, null, (Archive.Id, await Archive.SaveAsync(_project)));
        Assert.Null(new FileInfo(target.Combine("file")).LinkTarget);
        Assert.Equal("outside", await File.ReadAllTextAsync(target.Combine("file"), Archive.Token));
        Assert.Equal("a", await File.ReadAllTextAsync(target.Combine("data2/a"), Archive.Token));
    }

    [Fact]
    public void A_link_out_of_the_named_directory_is_followed_even_inside_the_project()
    {
        _project.Write("model", "m");
        Link("data/model", "../model");

        Assert.Equal(["data/model"], Selected("data"));
        Assert.Equal(["data/model -> ../model", "model"], Selected());
    }

    [Fact]
    public void A_link_to_what_is_left_out_is_followed()
    {
        _project.Write(".replicateignore", "ignored/\n.replicateignore");
        _project.Write("ignored/model", "m");
        _project.Write("env/pyvenv.cfg", "");
        _project.Write("env/lib", "l");
        Link("model", "ignored/model");
        Link("lib", "env/lib");
        Link("venv", "env");

        Assert.Equal(["lib", "model"], Selected());
    }

    [Fact]
    public void A_dangling_link_is_named_in_a_warning()
    {
        _project.Write("a", "1");
        Link("dangling", "nowhere");
        Link("loop", "loop");
        Link("sub/absolute", "/does/not/exist");

        Assert.Equal(["a"], Selected());
        Assert.Equal(3, _warnings.Count);
        Assert.Contains("'dangling'", _warnings[0], StringComparison.Ordinal);
        Assert.Contains("'nowhere'", _warnings[0], StringComparison.Ordinal);
        Assert.Contains("'sub/absolute'", _warnings[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_what_holds_it_does_not_lead_round_in_circles()
    {
        _project.Write("data/a", "1");
        Link("data/self", ".");
        Link("data/project", "..");
        Link("data/root", "/");
        _elsewhere.Write("b", "2");
        Directory.CreateSymbolicLink(_elsewhere.Combine("back"), _project.Path);
        Link("data/elsewhere", _elsewhere.Path);

        Assert.Equal(["data/a", "data/elsewhere/b", "data/self -> ."], Selected("data"));
        Assert.Equal(3, _warnings.Count);
        Assert.Contains("'data/project'", _warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_what_is_never_saved_is_left_out()
    {
        _project.Write("repository/experiments/x", "1");
        _project.Write("a", "1");
        Link("link", "repository");
        Link("deep", "repository/experiments");
        _project.Write(".git/config", "1");
        Link("git", ".git");

        Assert.Equal(["a"], Archive.Select(_project, ".", _project.Combine("repository")).Select(file => file.Path));
    }

    [Fact]
    public void A_named_path_that_is_a_link_is_followed()
    {
        _project.Write("runs/5/model", "five");
        Directory.CreateSymbolicLink(_project.Combine("runs/5/here"), ".");
        Link("latest", "runs/5");
        Link("model", "runs/5/model");

        Assert.Equal(["latest/here -> .", "latest/model"], Selected("latest"));
        Assert.Equal(["model"], Selected("model"));
    }

    [Fact]
    public async Task A_long_link_target_survives()
    {
        var deep = string.Join('/', Enumerable.Repeat(new string('d', 60), 4));
        _project.Write(deep + "/f", "1");
        Link("link", deep);

        var link = (await Archive.ListAsync(await Archive.SaveAsync(_project))).Single(file => file.Path == "link");

        Assert.Equal((deep, SavedFileKind.Link, 0), (link.LinkTarget, link.Kind, link.Length));
    }

    private void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_project.Combine(path))!);
        File.CreateSymbolicLink(_project.Combine(path), target);
    }

    private IEnumerable<string> Selected(string path = ".") =>
        Archive.Select(_project, path).Select(file => file.LinkTarget is null ? file.Path : $"{file.Path} -> {file.LinkTarget}");
}
