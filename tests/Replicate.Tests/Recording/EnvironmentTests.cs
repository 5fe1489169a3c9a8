using System.Collections;
using System.Diagnostics;
using Replicate.Recording.Environments;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public class EnvironmentTests
{
    [Fact]
    public async Task A_virtual_environment_tells_its_version_and_packages_without_being_started()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n");
        var python = directory.Write("venv/bin/python", "#!/bin/false");
        var packages = OperatingSystem.IsWindows() ? "venv/Lib/site-packages/" : "venv/lib/python3.11/site-packages/";
        directory.Write(packages + "torch-2.1.0+cpu.dist-info/METADATA", "");
        directory.Write(packages + "scikit_learn-1.2.1.dist-info/METADATA", "");
        directory.Write(packages + "old-0.1-py3.11.egg-info/PKG-INFO", "");
        directory.Write(packages + "mine.egg-info/PKG-INFO", "Name: mine\nVersion: 0.0.1\n");

        var found = await PythonInstallation.FindAsync(python);

        Assert.Equal("3.11.2", found!.Version);
        Assert.Equal("mine=0.0.1, old=0.1, scikit-learn=1.2.1, torch=2.1.0+cpu", found.ReadPackages().ToString());
    }

    [Fact]
    public async Task The_Python_of_a_script_is_that_of_its_first_line_and_other_programs_have_none()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("venv/pyvenv.cfg", "version = 3.12.1\n");
        var python = directory.Write("venv/bin/python3", "");
        var script = directory.Write("train", $"#!{python} -u\nprint(1)\n");
        var other = directory.Write("compiled", "\u007fELF");

        Assert.Equal("3.12.1", (await PythonInstallation.FindAsync(script))!.Version);
        Assert.Null(await PythonInstallation.FindAsync(other));
    }

    [Fact]
    public async Task Commit_branch_and_changes_are_those_of_git()
    {
        Needs.Git.Require();
        using var directory = new TemporaryDirectory();
        Git(directory.Path, "init", "-q", "-b", "trunk");
        var file = directory.Write("train.py", "1");
        Git(directory.Path, "add", ".");
        Git(directory.Path, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "First");
        var below = Directory.CreateDirectory(directory.Combine("below")).FullName;

        var clean = await GitState.ReadAsync(below);
        File.WriteAllText(file, "2");
        Git(directory.Path, "pack-refs", "--all");
        var dirty = await GitState.ReadAsync(directory.Path);

        Assert.Equal(("trunk", false), (clean["branch"], clean["dirty"]));
        Assert.Equal(40, Assert.IsType<string>(clean["commit"]).Length);
        Assert.Equal((clean["commit"], true), (dirty["commit"], dirty["dirty"]));
    }

    [Fact]
    public async Task The_environment_is_recorded_and_read_back()
    {
        using var project = new TestProject();
        var created = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Environment = new Hashtable { ["powershell"] = "7.6.0" } },
            cancellationToken: TestContext.Current.CancellationToken);
        await created.StopAsync(cancellationToken: TestContext.Current.CancellationToken);

        var experiment = Assert.Single(await project.ListAsync());
        Assert.Equal("7.6.0", experiment.Environment["powershell"]);
        Assert.NotNull(experiment.Environment["os"]);
        Assert.Equal((long)System.Environment.ProcessorCount, experiment.Environment["processors"]);
        Assert.Empty(experiment.Git);
    }

    private static void Git(string directory, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = directory })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
