using Replicate.Archives.Selecting;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class SelectionTests
{
    [Fact]
    public void Files_come_directory_by_directory_in_the_order_of_their_names()
    {
        using var project = new TemporaryDirectory();
        foreach (var path in new[] { "b", "a/z", "a-1", "a.txt", "C", ".hidden/h", "é", "data/x", "data2" })
        {
            project.Write(path, path);
        }

        Assert.Equal([".hidden/h", "C", "a/z", "a-1", "a.txt", "b", "data/x", "data2", "é"], Paths(project));
    }

    [Fact]
    public void A_file_is_told_with_its_place_and_size()
    {
        using var project = new TemporaryDirectory();
        var full = Path.GetFullPath(project.Write("data/weights", "12345"));

        Assert.Equal([new SelectedFile("data/weights", full, null, 5)], Archive.Select(project, "./data/../data/weights"));
    }

    [Fact]
    public void What_is_never_saved_is_left_out_at_any_depth()
    {
        using var project = new TemporaryDirectory();
        string[] names =
        [
            ".replicate", ".keepsake", ".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", ".venv", ".tox", ".nox", ".pixi", ".eggs", "__pypackages__",
            "node_modules", "__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".pytype", ".ruff_cache", ".hypothesis", ".GIT",
        ];
        foreach (var name in names)
        {
            project.Write($"{name}/x", "1");
            project.Write($"sub/{name}/x", "1");
        }

        project.Write("sub/env/pyvenv.cfg", "home = /usr");
        project.Write("sub/env/lib/site.py", "1");
        project.Write("conda/conda-meta/history", "1");
        project.Write("conda/lib/big.so", "1");
        project.Write("old/virtualenv/bin/activate_this.py", "1");
        project.Write("old/virtualenv/lib/site.py", "1");
        project.Write("windows/Scripts/activate_this.py", "1");
        project.Write("worktree/.git", "gitdir: elsewhere");
        project.Write("sub/.replicate-checkout-left/0", "1");
        project.Write("sub/.gitignore", "1");
        project.Write("repository/repository.json", "1");
        project.Write("output/file", "1");

        Assert.Equal(
            ["sub/.gitignore"],
            Paths(project, ".", project.Combine("repository"), project.Combine("output") + Path.DirectorySeparatorChar));
    }

    [Fact]
    public void A_named_directory_is_saved_whatever_its_name_but_never_the_repository()
    {
        using var project = new TemporaryDirectory();
        project.Write(".venv/pyvenv.cfg", "home = /usr");
        project.Write(".venv/lib/site.py", "1");
        project.Write("repository/experiments/x", "1");
        project.Write("web/node_modules/left/index.js", "1");

        Assert.Equal(["web/node_modules/left/index.js"], Paths(project, "web/node_modules"));
        Assert.Equal([".venv/lib/site.py", ".venv/pyvenv.cfg"], Paths(project, ".venv"));
        AssertNothingToSave(project, "repository/experiments", project.Combine("repository"));
    }

    [Theory]
    [InlineData(".replicateignore")]
    [InlineData(".keepsakeignore")]
    public void Ignore_rules_apply_to_what_is_found(string ignoreFile)
    {
        using var project = new TemporaryDirectory();
        project.Write(ignoreFile, "*.log\r\n/data/\nsub/*.bin\n!sub/keep.bin\n# comment\n");
        foreach (var path in new[] { "a.log", "sub/b.log", "data/x", "sub/data/x", "sub/y.bin", "sub/keep.bin", "y.bin" })
        {
            project.Write(path, path);
        }

        Assert.Equal([ignoreFile, "sub/data/x", "sub/keep.bin", "y.bin"], Paths(project));
        Assert.Equal(["sub/data/x", "sub/keep.bin"], Paths(project, "sub"));
    }

    [Fact]
    public void Of_two_ignore_files_the_new_one_counts()
    {
        using var project = new TemporaryDirectory();
        project.Write(".replicateignore", "a\n.*ignore");
        project.Write(".keepsakeignore", "b");
        project.Write("a", "1");
        project.Write("b", "1");

        Assert.Equal(["b"], Paths(project));
    }

    [Fact]
    public void A_file_that_is_named_itself_is_saved()
    {
        using var project = new TemporaryDirectory();
        project.Write(".replicateignore", "*.pth");
        project.Write("models/model.pth", "1");
        project.Write(".git/config", "1");

        Assert.Equal(["models/model.pth"], Paths(project, "models/model.pth"));
        Assert.Equal([".git/config"], Paths(project, ".git/config"));
    }

    [Fact]
    public void Nothing_left_after_the_rules_is_an_error_that_names_path_and_rules()
    {
        using var project = new TemporaryDirectory();
        project.Write(".replicateignore", "*.log\ndata/");
        project.Write("logs/a.log", "1");
        project.Write("data/x", "1");
        Directory.CreateDirectory(project.Combine("empty"));

        foreach (var path in new[] { "logs", "data", "empty" })
        {
            var exception = AssertNothingToSave(project, path);
            Assert.Contains($"'{path}'", exception.Message, StringComparison.Ordinal);
            Assert.Contains(project.Combine(".replicateignore"), exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_empty_directory_without_rules_has_nothing_to_save()
    {
        using var project = new TemporaryDirectory();

        Assert.DoesNotContain("rules", AssertNothingToSave(project, ".").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipes_and_sockets_are_left_out_with_a_warning_and_empty_files_kept()
    {
        Archive.SkipOnWindows("Windows has no pipes among its files.");
        using var project = new TemporaryDirectory();
        project.Write("empty", "");
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", project.Combine("pipe"));
        await mkfifo.WaitForExitAsync(Archive.Token);
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(project.Combine("socket")));
        var log = new Warnings();

        using (Log.SendTo(log))
        {
            Assert.Equal(["empty"], Paths(project));
            AssertNothingToSave(project, "pipe");
        }

        Assert.Equal(3, log.Count);
        Assert.Contains("'pipe'", log[0], StringComparison.Ordinal);
        Assert.Contains("'socket'", log[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_a_warning_and_the_rest_is_saved()
    {
        Archive.SkipOnWindows("Names are text on Windows.");
        using var project = new TemporaryDirectory();
        project.Write("train.py", "1");
        project.Write("\ufffd.csv", "a name that is text");
        var made = System.Diagnostics.Process.Start("sh", ["-c", $"cd '{project.Path}' && printf x > \"$(printf 'caf\\351.csv')\" && mkdir \"$(printf 'd\\351')\""]);
        await made.WaitForExitAsync(Archive.Token);
        Assert.SkipWhen(made.ExitCode != 0, "This file system takes text only.");
        var log = new Warnings();

        using (Log.SendTo(log))
        {
            Assert.Equal(["train.py", "\ufffd.csv"], Paths(project));
        }

        Assert.Equal(
            [@"'caf\ufffd.csv' is not saved: its name is not valid UTF-8.", @"'d\ufffd' is not saved: its name is not valid UTF-8."],
            log.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_directory_that_is_found_and_cannot_be_read_is_a_warning()
    {
        Archive.SkipOnWindows("Windows has no modes.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root reads everything.");
        using var project = new TemporaryDirectory();
        project.Write("closed/x", "1");
        Archive.SetMode(project.Write("secret", "1"), "0");
        project.Write("train.py", "1");
        Archive.SetMode(project.Combine("closed"), "0");
        var log = new Warnings();

        using (Log.SendTo(log))
        {
            Assert.Equal(["train.py"], Paths(project));
        }

        Archive.SetMode(project.Combine("closed"), "700");
        Assert.Equal(["'closed' is not saved: permission to read it is denied.", "'secret' is not saved: permission to read it is denied."], log);
    }

    [Fact]
    public void A_named_directory_that_cannot_be_read_is_an_error()
    {
        Archive.SkipOnWindows("Windows has no modes.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root reads everything.");
        using var project = new TemporaryDirectory();
        project.Write("closed/x", "1");
        Archive.SetMode(project.Combine("closed"), "0");

        var exception = Assert.Throws<ReplicateException>(() => Paths(project, "closed"));
        Archive.SetMode(project.Combine("closed"), "700");

        Assert.Equal(("FileUnreadable", ErrorKind.PermissionDenied), (exception.Id, exception.Kind));
        Assert.Contains("closed", exception.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(TemporaryDirectory project, string path = ".", params string[] excluded) =>
        Archive.Select(project, path, excluded).Select(file => file.Path);

    private static ReplicateException AssertNothingToSave(TemporaryDirectory project, string path, params string[] excluded)
    {
        var exception = Assert.Throws<ReplicateException>(() => Archive.Select(project, path, excluded));
        Assert.Equal("NothingToSave", exception.Id);
        return exception;
    }
}
