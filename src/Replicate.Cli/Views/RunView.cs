using Replicate.Presentation;
using Replicate.Runs;
using Replicate.Runs.Sweeps;

namespace Replicate.Cli.Views;

/// <summary>What <c>run</c> tells of the end of a run, and its exit codes.</summary>
internal static class RunView
{
    private const int OwnFailure = 125;
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>Tells how a run ended, on the error output: the other is the program's.</summary>
    public static void Write(RunResult result, Terminal terminal)
    {
        var experiment = result.Experiment;
        var best = experiment.Best();
        var code = result.ExitCode != 0 ? $" with exit code {result.ExitCode}" : "";
        var checkpoint = (best ?? experiment.Latest()) is { } shown ? $", {(best is null ? "latest" : "best")} {shown}: {shown.Metrics}" : "";
        terminal.Error.WriteLine(
            $"Experiment {experiment.ShortId} {ExperimentText.Status(result.Status, exitCode: null)}{code}, "
            + $"{Amounts.Of(experiment.Checkpoints.Count, "checkpoint")}{checkpoint}");
        if (result.RecordingError is { } error)
        {
            terminal.Fail(error);
        }
    }

    /// <summary>Tells how the runs of a sweep ended, those that couldn't be started too.</summary>
    /// <returns>0 where all that was left was run, and nothing failed; 130 where it was interrupted; otherwise 1.</returns>
    public static int WriteSweep(RunningSweep sweep, IReadOnlyList<SweepRun> runs, Terminal terminal)
    {
        foreach (var run in runs.Where(run => run.Error is not null))
        {
            terminal.Error.WriteLine($"Not run: {run.Point.Params}");
            terminal.Fail(run.Error!);
        }

        terminal.Error.WriteLine(SweepText.Of(sweep, runs));
        terminal.Error.WriteLine($"List its runs with: replicate ls --filter \"sweep = {sweep.Name}\"");
        return runs.All(run => run.Result is { } result && ExitCodeOf(result) == ExitCode.Success) && sweep.WhyEnded is null ? ExitCode.Success
            : runs.Any(run => run.Result is { Status: ExperimentStatus.Interrupted }) ? ExitCode.Interrupted
            : ExitCode.Error;
    }

    /// <summary>The program's exit code; 1 where the program did well and not all could be recorded.</summary>
    public static int ExitCodeOf(RunResult result) =>
        result.ExitCode == ExitCode.Success && result.RecordingError is not null ? ExitCode.Error : result.ExitCode;

    /// <summary>The exit code for an error before the program was started, as other commands that run programs have it.</summary>
    public static int ExitCodeOf(Exception error) => error switch
    {
        ReplicateException { Id: ErrorIds.ProgramNotFound } => NotFound,
        ReplicateException { Id: ErrorIds.ProgramNotExecutable } => NotExecutable,
        _ => OwnFailure,
    };
}
