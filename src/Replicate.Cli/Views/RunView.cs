using Replicate.Runs;

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
            $"Experiment {experiment.ShortId} {result.Status.ToString().ToLowerInvariant()}{code}, "
            + $"{Amounts.Of(experiment.Checkpoints.Count, "checkpoint")}{checkpoint}");
        if (result.RecordingError is { } error)
        {
            terminal.Fail(error);
        }
    }

    /// <summary>Tells how the runs of a sweep ended, those that couldn't be started too.</summary>
    /// <returns>0 where all were completed and recorded, otherwise 1.</returns>
    public static int WriteSweep(
        string tag, IReadOnlyList<(ValueMap Params, RunResult? Result, ReplicateException? Error)> runs, Terminal terminal)
    {
        foreach (var (parameters, _, error) in runs.Where(run => run.Error is not null))
        {
            terminal.Error.WriteLine($"Not run: {parameters}");
            terminal.Fail(error!);
        }

        var good = runs.Count(run => run.Result is { } result && ExitCodeOf(result) == ExitCode.Success);
        terminal.Error.WriteLine($"{good} of {Amounts.Of(runs.Count, "run")} completed; list them with: replicate ls --filter \"tag = {tag}\"");
        return good == runs.Count ? ExitCode.Success : ExitCode.Error;
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
