using System.CommandLine;
using Replicate.Cli.Views;
using Replicate.Runs;
using Replicate.Runs.Ci;
using Replicate.Runs.Programs;
using Replicate.Runs.Sweeps;

namespace Replicate.Cli.Commands;

/// <summary><c>run</c>: runs a training program as an experiment, or several with params to try.</summary>
internal sealed class RunCommand : Command
{
    private readonly RunCommandOptions _options = new();

    public RunCommand(SharedOptions shared)
        : base("run", "Run a training program as an experiment: its metrics, its files, and how it ended")
    {
        _options.AddTo(this);
        SetAction(shared.Run(RunAsync, RunView.ExitCodeOf));
    }

    /// <summary>The program of a command line and its arguments; empty where none is named.</summary>
    public IReadOnlyList<string> ProgramOf(ParseResult line) => _options.ProgramOrNone(line);

    private async Task<int> RunAsync(Invocation invocation)
    {
        var (line, project, _) = invocation;
        var options = _options.Options(line);
        if (_options.From(line) is { } id)
        {
            var parent = await TrainingRun.CheckOutParentAsync(project, id, invocation.CancellationToken);
            options = options with { Experiment = options.Experiment with { From = parent } };
        }

        return _options.Combinations(line) is { } combinations
            ? await SweepAsync(invocation, options, combinations)
            : RunView.ExitCodeOf(await RunAsync(invocation, options, _options.Program(line)));
    }

    private async Task<int> SweepAsync(Invocation invocation, RunOptions options, IReadOnlyList<ValueMap> combinations)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(invocation.CancellationToken);
        var tag = Sweep.NewTag();
        var words = _options.Program(invocation.Line);
        var throttle = _options.Throttle(invocation.Line);
        IReadOnlyList<(ValueMap, RunResult?, ReplicateException?)> results;
        try
        {
            results = await Sweep.RunAsync(combinations, throttle, RunOneAsync, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }

        return RunView.WriteSweep(tag, results, invocation.Terminal);

        async Task<RunResult> RunOneAsync(ValueMap parameters, CancellationToken cancellationToken)
        {
            var own = options with
            {
                Experiment = options.Experiment with { Params = parameters, Tags = [.. options.Experiment.Tags ?? [], tag] },
            };
            var result = await RunAsync(invocation, own, Sweep.Fill(words, parameters));
            if (result.WasInterrupted || result.Status == ExperimentStatus.Interrupted)
            {
                // Whoever interrupts one means the sweep, even where that one made a good end of it.
                await stop.CancelAsync();
            }

            return result;
        }
    }

    private async Task<RunResult> RunAsync(Invocation invocation, RunOptions options, IReadOnlyList<string> words)
    {
        var terminal = invocation.Terminal;
        var program = new ProgramOptions
        {
            FileName = words[0],
            Arguments = [.. words.Skip(1)],
            WorkingDirectory = invocation.WorkingDirectory,
            Output = terminal.RawOutput,
            Error = terminal.RawError,
            PassSignals = true,
            Tty = _options.Tty(invocation.Line),
        };
        var job = CiJob.Current;
        if (job is not null)
        {
            terminal.SayBeside(job.BeginGroup($"replicate run {program.CommandLine}"));
        }

        RunResult result;
        try
        {
            result = await TrainingRun.RunProgramAsync(
                invocation.Project, options, program, cancellationToken: invocation.CancellationToken);
        }
        finally
        {
            if (job is not null)
            {
                terminal.SayBeside(job.EndGroup);
            }
        }

        RunView.Write(result, terminal);
        if (job is not null)
        {
            foreach (var reported in await job.ReportAsync(result, invocation.CancellationToken))
            {
                terminal.SayBeside(reported);
            }
        }

        return result;
    }
}
