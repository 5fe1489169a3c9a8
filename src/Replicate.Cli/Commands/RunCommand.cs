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

        return _options.Sweep(line) is { } sweep
            ? await SweepAsync(invocation, options, sweep)
            : RunView.ExitCodeOf(await RunAsync(invocation, options, _options.Program(line), Streams(invocation), invocation.CancellationToken));
    }

    private (Stream Output, Stream Error) Streams(Invocation invocation) =>
        _options.Silent(invocation.Line) ? (Stream.Null, Stream.Null) : (invocation.Terminal.RawOutput, invocation.Terminal.RawError);

    private async Task<int> SweepAsync(Invocation invocation, RunOptions options, SweepOptions sweepOptions)
    {
        using var sweep = await RunningSweep.BeginAsync(
            invocation.Project, (ValueMap)options.Experiment.Params!, sweepOptions, options.PrimaryMetric, invocation.CancellationToken);
        var words = _options.Program(invocation.Line);
        var streams = Streams(invocation);
        IReadOnlyList<SweepRun> runs;
        try
        {
            runs = await sweep.RunAsync(sweepOptions.Throttle > 1 ? RunBesideAsync : RunOneAsync, invocation.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }

        return RunView.WriteSweep(sweep, runs, invocation.Terminal);

        Task<RunResult> RunOneAsync(SweepPoint point, CancellationToken cancellationToken) =>
            RunPointAsync(point, streams, cancellationToken);

        async Task<RunResult> RunBesideAsync(SweepPoint point, CancellationToken cancellationToken)
        {
            await using var output = new PrefixedOutput(streams.Output, SweepText.PrefixOf(sweep, point));
            await using var error = new PrefixedOutput(streams.Error, SweepText.PrefixOf(sweep, point));
            return await RunPointAsync(point, (output, error), cancellationToken);
        }

        Task<RunResult> RunPointAsync(SweepPoint point, (Stream, Stream) own, CancellationToken cancellationToken) =>
            RunAsync(invocation, sweep.OptionsOf(options, point), SweepPoints.Fill(words, point.Params), own, cancellationToken);
    }

    private async Task<RunResult> RunAsync(
        Invocation invocation, RunOptions options, IReadOnlyList<string> words, (Stream Output, Stream Error) streams, CancellationToken cancellationToken)
    {
        var terminal = invocation.Terminal;
        var program = new ProgramOptions
        {
            FileName = words[0],
            Arguments = [.. words.Skip(1)],
            WorkingDirectory = invocation.WorkingDirectory,
            Output = streams.Output,
            Error = streams.Error,
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
                invocation.Project, options, program, cancellationToken: cancellationToken);
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
            foreach (var reported in await job.ReportAsync(result, cancellationToken))
            {
                terminal.SayBeside(reported);
            }
        }

        return result;
    }
}
