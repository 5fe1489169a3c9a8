using System.Diagnostics;
using Replicate.Recording.Environments;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

/// <summary>A project from somebody else whose configuration of git wants to run something.</summary>
public sealed class PlantedGitTests : IDisposable
{
    private readonly TemporaryDirectory _project = new();
    private readonly TemporaryDirectory _traps = new();

    public PlantedGitTests() => Needs.Git.Require();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _project.Dispose();
        _traps.Dispose();
    }

    [Fact]
    public async Task Nothing_that_a_configuration_of_git_names_is_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The traps are scripts of a shell.");
        await CommitAsync("data.bin", "1");
        await CommitAsync("train.py", "1");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["core.fsmonitor"] = Trap("monitor"), ["core.pager"] = Trap("pager"), ["core.sshCommand"] = Trap("ssh"), ["core.editor"] = Trap("editor"),
            ["core.hooksPath"] = _project.Combine("hooks"), ["alias.status"] = "!" + Trap("alias"), ["pager.status"] = Trap("status-pager"),
            ["diff.external"] = Trap("external"), ["diff.evil.textconv"] = Trap("textconv"), ["credential.helper"] = "!" + Trap("credentials"),
            ["filter.evil.clean"] = Trap("clean"), ["filter.evil.smudge"] = Trap("smudge"), ["filter.evil.required"] = "true",
            ["filter.long.process"] = Trap("process"), ["filter.long.required"] = "true", ["filter.Two words.clean"] = Trap("words"),
            ["status.submoduleSummary"] = "true", ["core.askPass"] = Trap("pass"), ["gpg.program"] = Trap("gpg"),
        })
        {
            await GitAsync("config", name, value);
        }

        Directory.CreateDirectory(_project.Combine("hooks"));
        File.Copy(Trap("hook"), _project.Combine("hooks/post-index-change"));
        _project.Write(".git/info/attributes", "*.bin filter=evil diff=evil\n*.py filter=long\n*.two filter=\"Two words\"\n");
        foreach (var file in new[] { "data.bin", "train.py" })
        {
            File.SetLastWriteTimeUtc(_project.Combine(file), new DateTime(2001, 1, 1));
        }

        var state = await GitState.ReadAsync(_project.Path);

        Assert.Empty(Sprung());
        Assert.Equal(false, state["dirty"]);
        Assert.Equal(40, Assert.IsType<string>(state["commit"]).Length);

        // The traps do work: git itself runs into them.
        await RunAsync("git", "status");
        Assert.Contains("monitor", Sprung());
        Assert.Contains("clean", Sprung());
    }

    [Theory]
    [InlineData("a=b")]
    [InlineData("a=b.clean=x")]
    public async Task A_filter_whose_name_can_t_be_switched_off_is_not_run(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The traps are scripts of a shell.");
        await CommitAsync("data.bin", "1");
        _project.Write(".git/info/attributes", $"*.bin filter={name}\n");
        await GitAsync("config", $"filter.{name}.clean", Trap("clean"));
        File.SetLastWriteTimeUtc(_project.Combine("data.bin"), new DateTime(2001, 1, 1));

        var state = await GitState.ReadAsync(_project.Path);

        Assert.Empty(Sprung());
        Assert.Null(state["dirty"]);
        Assert.Equal(40, Assert.IsType<string>(state["commit"]).Length);
    }

    [Theory]
    [InlineData("data.bin", null)]
    [InlineData("train.py", true)]
    public async Task A_change_of_a_filtered_file_is_not_known_and_one_of_another_is(string changed, bool? dirty)
    {
        await CommitAsync("data.bin", "1");
        await CommitAsync("train.py", "1");
        await GitAsync("config", "filter.lfs.clean", "cat");
        _project.Write(".git/info/attributes", "*.bin filter=lfs\n");
        _project.Write(changed, "changed");

        Assert.Equal(dirty, (await GitState.ReadAsync(_project.Path))["dirty"]);
    }

    [Fact]
    public async Task A_program_that_lies_in_the_working_directory_and_not_on_the_path_is_not_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The traps are scripts of a shell.");
        var name = $"planted-{Guid.NewGuid():n}";
        File.Copy(Trap("planted"), name);
        try
        {
            Assert.Null(await Helper.AskAsync(name, System.Environment.CurrentDirectory));
        }
        finally
        {
            File.Delete(name);
        }

        Assert.Empty(Sprung());
    }

    [Fact]
    public async Task A_missing_object_is_not_fetched()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The traps are scripts of a shell.");
        await CommitAsync("train.py", "1");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["core.repositoryFormatVersion"] = "1", ["extensions.partialClone"] = "origin", ["remote.origin.promisor"] = "true",
            ["remote.origin.url"] = "ext::" + Trap("transport"), ["protocol.ext.allow"] = "always", ["remote.origin.uploadpack"] = Trap("upload"),
        })
        {
            await GitAsync("config", name, value);
        }

        foreach (var item in Directory.EnumerateFiles(_project.Combine(".git/objects"), "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(item, FileAttributes.Normal);
            File.Delete(item);
        }

        var state = await GitState.ReadAsync(_project.Path);

        Assert.Empty(Sprung());
        Assert.Null(state["dirty"]);
    }

    [Theory]
    [InlineData("ref: ../secret")]
    [InlineData("ref: refs/../../secret")]
    [InlineData("ref: /etc/hostname")]
    [InlineData("ref: refs/heads/secret")]
    [InlineData("secret")]
    [InlineData("")]
    public async Task Only_a_commit_is_recorded_as_one_whatever_a_reference_leads_to(string head)
    {
        await CommitAsync("train.py", "1");
        _project.Write("secret", "key of somebody");
        _project.Write(".git/refs/heads/secret", "key of somebody");
        _project.Write(".git/HEAD", head);

        var state = await GitState.ReadAsync(_project.Path);

        Assert.Null(state.GetValueOrDefault("commit"));
    }

    private string Trap(string name)
    {
        var path = _traps.Write(name + ".sh", $"#!/bin/sh\ntouch '{_traps.Combine(name + ".sprung")}'\ncat\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    private string[] Sprung() => [.. Directory.EnumerateFiles(_traps.Path, "*.sprung").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    private async Task CommitAsync(string path, string content)
    {
        _project.Write(path, content);
        if (!Directory.Exists(_project.Combine(".git")))
        {
            await GitAsync("init", "-q", "-b", "trunk");
        }

        await GitAsync("add", path);
        await GitAsync("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", path);
    }

    private async Task GitAsync(params string[] arguments) => Assert.Equal(0, await RunAsync("git", arguments));

    private async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _project.Path, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);
        return process.ExitCode;
    }
}
