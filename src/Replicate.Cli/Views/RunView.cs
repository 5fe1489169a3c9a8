using Replicate.Runs;

namespace Replicate.Cli.Views;

/// <summary>What <c>run</c> tells of the end of a run, and its exit code.</summary>
internal static class RunView
{
    private const int OwnFailure = 125;
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>Tells how a run ended, on the error output: the other is the program's.</summary>
    /// <returns>The program's exit code; 1 where the program did well and not all could be recorded.</returns>
    public static int Write(RunResult result, Terminal terminal)
    {
        var experiment = result.Experiment;
        var best = experiment.Best() ?? experiment.Latest();
        var code = result.ExitCode != 0 ? $" with exit code {result.ExitCode}" : "";
        terminal.Error.WriteLine(
            $"Experiment {experiment.ShortId} {result.Status.ToString().ToLowerInvariant()}{code}, "
            + $"{Plural.Of(experiment.Checkpoints.Count, "checkpoint")}{(best is null ? "" : $", {(experiment.Best() is null ? "latest" : "best")} {best}: {best.Metrics}")}");
        if (result.RecordingError is { } error)
        {
            terminal.Fail(error);
            return result.ExitCode == 0 ? Cli.ExitCode.Error : result.ExitCode;
        }

        return result.ExitCode;
    }

    /// <summary>The exit code for an error before the program was started, as other commands that run programs have it.</summary>
    public static int ExitCodeOf(Exception error) => error switch
    {
        ReplicateException { Id: "ProgramNotFound" } => NotFound,
        ReplicateException { Id: "ProgramNotExecutable" } => NotExecutable,
        _ => OwnFailure,
    };
}
