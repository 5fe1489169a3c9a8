using System.Runtime.InteropServices;
using Replicate.Recording.Environments;
using Replicate.Recording.Output;
using Replicate.Recording.Secrets;
using Replicate.Runs.Metrics;
using Replicate.Runs.Programs;
using Replicate.Runs.Saves;

namespace Replicate.Runs;

/// <summary>
/// A training run being recorded as an experiment: its output and files are read for metrics, each step becomes a
/// checkpoint, and its end is recorded. The run itself may be a program, or work of the caller whose output is handed in.
/// </summary>
/// <example>
/// <code>
/// await using var run = await TrainingRun.StartAsync(project, options);
/// run.ReadLine("epoch 1, loss: 0.5");
/// var result = await run.EndAsync(ExperimentStatus.Completed, exitCode: 0);
/// </code>
/// </example>
public sealed class TrainingRun : IAsyncDisposable
{
    /// <summary>The variable that tells a program its experiment.</summary>
    public const string ExperimentVariable = "REPLICATE_EXPERIMENT";

    /// <summary>The exit code of a program that Ctrl+C ended.</summary>
    public const int InterruptedCode = 130;

    /// <summary>The exit code of a program that the end of its terminal ended.</summary>
    internal const int HangUpCode = 129;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly object _outputLock = new();
    private readonly MetricProblems _problems = new();
    private readonly StepRecorder _steps;
    private readonly MetricCollector _collector;
    private readonly OutputReader _output;
    private readonly FileSources _files;
    private readonly CancellationTokenSource _ends = new();
    private readonly PrintedAt?[] _openLines = new PrintedAt?[2];
    private readonly OutputLog? _log;
    private readonly Task _poll;
    private volatile ProgramEnding? _ending;
    private bool _isOver;

    private TrainingRun(Experiment experiment, RunOptions options)
    {
        Experiment = experiment;
        _steps = new StepRecorder(experiment, options, () => _ending?.End(ExperimentStatus.StoppedEarly));
        _collector = new MetricCollector(options.Sources, options.Metrics, _problems, _steps.Read, _steps.Close);
        _output = new OutputReader(options.Sources, _collector, _problems);
        _files = new FileSources(
            options.Sources, options.WorkingDirectory ?? System.Environment.CurrentDirectory, _collector, _problems, _steps);
        _log = options.MaxLog == 0 ? null : experiment.Project.Workspace.Lifetime.Logs.For(experiment.Project.Workspace, experiment.Id, options.MaxLog);
        _poll = Task.Run(PollAsync);
    }

    /// <summary>The experiment.</summary>
    public Experiment Experiment { get; }

    /// <summary>The variables that a program of this run gets: its experiment, repository and params (as JSON), and unbuffered Python.</summary>
    public IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>
    {
        [ExperimentVariable] = Experiment.Id,
        [ProjectConfiguration.RepositoryVariable] = Experiment.Project.Repository,
        ["REPLICATE_PARAMS"] = JsonTextWriter.ToLine(Experiment.Params),
        ["PYTHONUNBUFFERED"] = "1",
    };

    /// <summary>Creates the experiment and begins to follow the metrics files.</summary>
    /// <param name="project">The project.</param>
    /// <param name="options">How the run is recorded.</param>
    /// <param name="progress">Told how much is saved.</param>
    /// <param name="cancellationToken">Ends the creation; nothing is listed then.</param>
    /// <exception cref="ReplicateException">An option is wrong, or the repository can't be written to.</exception>
    public static async Task<TrainingRun> StartAsync(
        Project project, RunOptions options, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        var run = await BeginAsync(project, options, progress, cancellationToken);
        run._steps.Prints?.FollowLines();
        return run;
    }

    /// <summary>The same, whoever prints.</summary>
    private static async Task<TrainingRun> BeginAsync(
        Project project, RunOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        RunOptionsCheck.Require(project, options);
        var experiment = await project.Experiments.CreateAsync(
            options.Experiment with { RecordsEnvironmentLater = true, CheckpointPath = options.CheckpointPath }, progress, cancellationToken);
        return new TrainingRun(experiment, options);
    }

    /// <summary>Runs a program as an experiment, from its start to the record of its end.</summary>
    /// <param name="project">The project.</param>
    /// <param name="options">How the run is recorded; without a command, the program's command line is.</param>
    /// <param name="program">The program.</param>
    /// <param name="progress">Told how much is saved when the experiment is created.</param>
    /// <param name="cancellationToken">Interrupts the program; the run is recorded as interrupted.</param>
    /// <returns>How it ended; a program that fails is no exception.</returns>
    /// <exception cref="ReplicateException">
    /// The program was not started: it isn't there (<c>ProgramNotFound</c>) or can't be started
    /// (<c>ProgramNotExecutable</c>), an option is wrong, or the repository can't be written to. No experiment is left.
    /// </exception>
    public static async Task<RunResult> RunProgramAsync(
        Project project, RunOptions options, ProgramOptions program, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var path = ProgramPath.Find(program.FileName, program.WorkingDirectory ?? System.Environment.CurrentDirectory);
        var command = options.Experiment.Command.Length > 0 ? options.Experiment.Command : CommandLineOf(program);
        options = options with
        {
            Experiment = options.Experiment with { Command = command, Program = options.Experiment.Program ?? path },
            WorkingDirectory = options.WorkingDirectory ?? program.WorkingDirectory,
        };
        await using var run = await BeginAsync(project, options, progress, cancellationToken);
        using var output = new OutputQueue(run.ReadBytes);
        using var signals = program.PassSignals ? new SignalRelay() : null;
        ProgramProcess process;
        try
        {
            process = ProgramProcess.Start(
                program, run.Variables,
                (isError, bytes) =>
                {
                    output.Add(isError, bytes, run._steps.Prints?.Printed(isError));
                    run._log?.Add(isError, bytes);
                },
                run._steps.Prints is { } prints ? prints.Read : null);
            run._steps.Prints?.FollowOutput(program.Tty ? null : process.Id);
        }
        catch
        {
            await run.Experiment.DeleteAsync(CancellationToken.None);
            throw;
        }

        ProgramEnd end;
        using (process)
        using (var ending = run._ending = new ProgramEnding(process, options.Timeout))
        using (cancellationToken.Register(() => process.Interrupt(PosixSignal.SIGTERM)))
        {
            signals?.PassTo(process);
            end = ending.Of(await process.WaitAsync());
        }

        await output.FinishAsync();
        var result = await run.EndAsync(end.Status, end.ExitCode, end.ExitCode == 0 ? "" : end.ErrorOutput);
        return result with { WasInterrupted = end.WasInterrupted };
    }

    /// <summary>How a run ended, by its exit code alone.</summary>
    /// <remarks>
    /// Ctrl+C at a terminal reaches a program by itself, and may end it before anybody else hears of it: its code is that of an
    /// interrupted run.
    /// </remarks>
    public static ExperimentStatus StatusOf(int exitCode) => exitCode switch
    {
        0 => ExperimentStatus.Completed,
        InterruptedCode => ExperimentStatus.Interrupted,
        _ => ExperimentStatus.Failed,
    };

    /// <summary>
    /// Gets a checkpoint to go on from: its own files are checked out over those of the project, whose code stays as it is.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="id">The checkpoint, or an experiment for its best, else its latest one: an id or a prefix of it.</param>
    /// <param name="cancellationToken">Ends the work; nothing is in place then.</param>
    /// <exception cref="ReplicateException">Nothing matches, there is no checkpoint (<c>CheckpointNeeded</c>), or its files are missing.</exception>
    public static async Task<Checkpoint> CheckOutParentAsync(Project project, string id, CancellationToken cancellationToken = default)
    {
        var match = await project.FindAsync(id, cancellationToken);
        var chosen = match.Choose();
        var checkpoint = chosen.Checkpoint ?? throw new ReplicateException(
            ErrorKind.NotFound, ErrorIds.CheckpointNeeded, $"The experiment {match.Experiment.ShortId} has no checkpoint to go on from.",
            "Name another experiment, or a checkpoint.");
        Log.Verbose($"Going on from checkpoint {chosen} of experiment {match.Experiment.ShortId}.");
        SavedFiles.WarnWithoutFiles(chosen);
        if (checkpoint.Path.Length > 0)
        {
            var path = checkpoint.Path is "." or "./" ? null : checkpoint.Path;
            await match.Experiment.CheckOutAsync(
                checkpoint, new CheckOutOptions { Path = path, Force = true }, cancellationToken: cancellationToken);
        }

        return checkpoint;
    }

    /// <summary>Reads a line of the output, or a text of several whole lines, and keeps it. Safe from several threads.</summary>
    public void ReadLine(string line) => ReadLine(line, isError: false);

    /// <summary>Keeps a line, or a text of several whole lines, in the log, and reads no metrics of it. Safe from several threads.</summary>
    /// <param name="line">What was written.</param>
    /// <param name="isError">Whether it is of the error output.</param>
    public void KeepLine(string line, bool isError) => _log?.AddLine(isError, line);

    /// <summary>Reads a line of the output, or a text of several whole lines, and keeps it. Safe from several threads.</summary>
    /// <param name="line">What was written.</param>
    /// <param name="isError">Whether it is of the error output.</param>
    public void ReadLine(string line, bool isError)
    {
        KeepLine(line, isError);
        lock (_outputLock)
        {
            using var _ = _steps.At(_steps.Prints?.Line());
            _output.AddLine(line, Timestamp.Now);
            _steps.Tick();
        }
    }

    /// <summary>Records what is still to be recorded, and how the run ended; says once what was wrong with its metrics.</summary>
    /// <param name="status">Completed, failed or interrupted.</param>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="errorOutput">The end of its error output, recorded where it isn't empty.</param>
    public async Task<RunResult> EndAsync(ExperimentStatus status, int exitCode, string errorOutput = "")
    {
        await StopReadingAsync();
        _files.Poll(isLast: true);
        lock (_outputLock)
        {
            using var _ = _steps.At(_openLines[0] ?? _openLines[1] ?? _steps.Prints?.Line());
            _output.Finish();
        }

        _collector.Finish();
        await _steps.FinishAsync();
        var error = _steps.Error;
        try
        {
            await Experiment.StopAsync(status, exitCode, errorOutput, cancellationToken: CancellationToken.None);
        }
        catch (ReplicateException e)
        {
            error = e;
        }

        _problems.Tell(isRecordedElsewhere: Experiment.Checkpoints.Count > 0);
        _steps.Tell();
        return new RunResult(Experiment, status, exitCode, errorOutput, error);
    }

    /// <summary>Ends the reading; a run that wasn't ended is recorded as interrupted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isOver)
        {
            await EndAsync(ExperimentStatus.Interrupted, exitCode: 1);
        }

        _files.Dispose();
        _steps.Dispose();
        _ends.Dispose();
    }

    /// <summary>The command line without secrets, of which a warning tells.</summary>
    private static string CommandLineOf(ProgramOptions program)
    {
        using var mask = new Masking();
        return program.ToCommandLine(mask.Found);
    }

    private void ReadBytes(bool isError, ReadOnlySpan<byte> bytes, Timestamp readAt, PrintedAt? printed)
    {
        lock (_outputLock)
        {
            // A line was printed when it was begun, whenever it ends.
            ref var open = ref _openLines[isError ? 1 : 0];
            var index = 0;
            while (!bytes.IsEmpty)
            {
                var at = open ?? printed?.Line(index);
                var end = printed is null ? bytes.Length : bytes.IndexOfAny((byte)'\n', (byte)'\r') + 1;
                var line = end > 0 ? bytes[..end] : bytes;
                using (_steps.At(at))
                {
                    _output.Add(isError, line, readAt);
                }

                open = end > 0 ? null : at;
                index += line[^1] == (byte)'\n' ? 1 : 0;
                bytes = bytes[line.Length..];
            }

            _steps.Tick();
        }
    }

    private async Task StopReadingAsync()
    {
        _isOver = true;
        await _ends.CancelAsync();
        await _poll;
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(PollInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_ends.Token))
            {
                _files.Poll(isLast: false);
                _collector.Tick();
                lock (_outputLock)
                {
                    _steps.Tick();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }
}
