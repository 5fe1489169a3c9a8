using Replicate.Runs;
using Replicate.Runs.Programs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

/// <summary>Runs programs as experiments.</summary>
internal static class Programs
{
    /// <summary>Runs a script of <c>sh</c>.</summary>
    public static Task<RunResult> ShellAsync(
        this TestProject project, string script, RunOptions? options = null, Stream? output = null, Stream? error = null,
        CancellationToken? cancellationToken = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        return project.RunAsync(["sh", "-c", script], options, output, error, cancellationToken);
    }

    public static Task<RunResult> RunAsync(
        this TestProject project, string[] command, RunOptions? options = null, Stream? output = null, Stream? error = null,
        CancellationToken? cancellationToken = null) =>
        TrainingRun.RunProgramAsync(
            project.Project, options ?? new RunOptions(),
            new ProgramOptions
            {
                FileName = command[0],
                Arguments = command[1..],
                WorkingDirectory = project.Directory.Path,
                Output = output ?? Stream.Null,
                Error = error ?? Stream.Null,
            },
            cancellationToken: cancellationToken ?? TestContext.Current.CancellationToken);

    public static IEnumerable<string> Lines(this Experiment experiment) =>
        experiment.Checkpoints.Select(checkpoint => $"{checkpoint.Step} | {checkpoint.Metrics}");
}
