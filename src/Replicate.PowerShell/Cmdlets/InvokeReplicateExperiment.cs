using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Host;
using Replicate.PowerShell.Views;
using Replicate.Runs;
using Replicate.Runs.Ci;
using Replicate.Runs.Params;
using Replicate.Runs.Programs;
using Replicate.Runs.Sweeps;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Runs a script block or a program as an experiment, reading its metrics from what it writes.</summary>
[Cmdlet(
    VerbsLifecycle.Invoke, "ReplicateExperiment", DefaultParameterSetName = ByBlock,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[Alias("irx")]
[OutputType(typeof(Experiment))]
public sealed partial class InvokeReplicateExperiment : RunCmdlet
{
    private const string ByBlock = "ScriptBlock";
    private const string ByFile = "FilePath";

    private static readonly ScriptBlock ProgramBlock = ScriptBlock.Create("& $_[0] @($_ | Select-Object -Skip 1)");

    private (string FileName, IReadOnlyList<string> Arguments)? _blockProgram;
    private ShellExitCode? _exitCode;
    private ExperimentVariable? _variable;

    /// <summary>The script block to run; <c>$_</c> in it are the params.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByBlock)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The program to run, whose output passes through byte for byte.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByFile)]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>Its arguments; in a sweep <c>{name}</c> is the value of that param.</summary>
    [Parameter(ParameterSetName = ByFile)]
    [AllowEmptyCollection]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>Takes <c>--name=value</c> and <c>--name value</c> of the arguments for params, too.</summary>
    [Parameter(ParameterSetName = ByFile)]
    public SwitchParameter ParamsFromArguments { get; set; }

    /// <summary>Gives the program a terminal; its error output is then part of its output.</summary>
    [Parameter(ParameterSetName = ByFile)]
    public SwitchParameter Tty { get; set; }

    /// <summary>Sends the output down the pipeline, line by line, instead of the experiment.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The name of a variable that gets the experiment.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExperimentVariable { get; set; }

    /// <summary>Whether the program writes bytes to the output of this process: only a console shows them.</summary>
    private bool WritesBytes => (ScriptBlock is null || Throttle > 1) && !PassThru && Host.Name == "ConsoleHost";

    private ShellExitCode ExitCode => _exitCode ??= new ShellExitCode(SessionState);

    /// <remarks>
    /// The program's own command line says more than that of the script, and what a block runs more than the script that an agent
    /// wrote for its step.
    /// </remarks>
    private protected override string DefaultCommand =>
        ScriptBlock is null ? "" : CommandLine.Of(this, Project.Directory, ScriptBlock);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Check();
        FilePath = ScriptBlock is null ? ToRecordedPath(FilePath) : FilePath;
        if (!ShouldProcess(Project.Repository, $"Run {(ScriptBlock is null ? FilePath : "a script block")} as an experiment"))
        {
            return;
        }

        _variable = ExperimentVariable is null ? null : new ExperimentVariable(SessionState, ExperimentVariable);

        // Whatever keeps the run from its start is a failure, too.
        ExitCode.Last = 1;
        var options = RunOptionsFor(ParamsFromArguments ? ArgumentParams.Read(FilePath, ArgumentList) : []) with { Timeout = Timeout };
        var parameters = (ValueMap)options.Experiment.Params!;
        if (SweepOptions is { } sweep)
        {
            RunSweep(sweep, options, parameters);
        }
        else
        {
            RunOne(options, parameters);
        }
    }

    private void Check()
    {
        if (Throttle > 1 && !WritesBytes)
        {
            Refuse(
                "ThrottleNeedsConsole", $"{Throttle} runs at once are possible where their output goes to the console.",
                "Leave -PassThru or -Throttle out.", Throttle);
        }

        if (Tty && !WritesBytes)
        {
            Refuse("TtyNeedsConsole", "A program gets a terminal only where its output goes to the console.", "Leave -Tty or -PassThru out.");
        }

        if ((Timeout is not null || EarlyStopping != EarlyStopping.None) && !WritesBytes)
        {
            Refuse(
                "EndingNeedsProgram", "Only a program whose output goes to the console can be ended before its end.",
                "Name the program with -FilePath, or run the block in a process of its own, with -Throttle 2.");
        }
    }

    /// <returns>How it ended; null where it could not be started.</returns>
    private RunResult? RunOne(RunOptions options, ValueMap parameters)
    {
        RuntimeException? failure = null;
        RunResult? result;
        using (new LogGroup(Host.UI, $"Invoke-ReplicateExperiment {ScriptBlock?.ToString().Trim() ?? FilePath}"))
        {
            var isStarted = WritesBytes
                ? TryRun(parameters, (progress, token) => RunProgramAsync(options, parameters, OwnOutput, progress, token), out result)
                : TryRunBlock(options, parameters, out result, out failure);
            if (!isStarted)
            {
                ExitCode.Set(1);
                return null;
            }
        }

        Finish(result!, failure);
        return result;
    }

    private Task<RunResult> RunProgramAsync(
        RunOptions options, ValueMap parameters, (Stream Output, Stream Error) streams, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var program = ProgramFor(parameters) with { Output = streams.Output, Error = streams.Error, Tty = Tty };
        return TrainingRun.RunProgramAsync(Project, options, program, progress, cancellationToken);
    }

    private ProgramOptions ProgramFor(ValueMap parameters)
    {
        var (fileName, arguments) = _blockProgram ?? (ToRecordedPath(FilePath), SweepPoints.Fill(ArgumentList, parameters));
        return new ProgramOptions { FileName = fileName, Arguments = arguments, WorkingDirectory = WorkingDirectory };
    }

    private bool TryRunBlock(RunOptions options, ValueMap parameters, out RunResult? result, out RuntimeException? failure)
    {
        (result, failure) = (null, null);
        var project = Project;
        var program = ScriptBlock is null ? ProgramFor(parameters) : null;
        if (options.Experiment.Command.Length == 0 && program is not null)
        {
            options = options with { Experiment = options.Experiment with { Command = program.CommandLine } };
        }

        if (!TryRun(parameters, (progress, token) => TrainingRun.StartAsync(project, options, progress, token), out var run))
        {
            return false;
        }

        _variable?.Keep(run.Experiment);
        ExitCode.Last = 0;
        var output = new BlockOutput(this, run, PassThru ? WriteObject : null);
        int? code = null;
        try
        {
            output.Invoke(ScriptBlock ?? ProgramBlock, program is null ? parameters : new[] { program.FileName }.Concat(program.Arguments).ToArray());
            code = ExitCode.Last;
        }
        catch (ExitException exit)
        {
            code = LanguagePrimitives.TryConvertTo<int>(exit.Argument, out var given) ? given : 0;
            throw;
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            (failure, code) = (error, ExitCode.Of(error));
            if (!ShellExitCode.IsOfProgram(error) || output.ErrorOutput.Length == 0)
            {
                // What a program said itself says more than that it failed.
                output.AddFailure((error as ActionPreferenceStopException)?.ErrorRecord?.Exception?.Message ?? error.Message);
            }
        }
        finally
        {
            // Without a code it was left early: by Ctrl+C, or because nobody wants more of its output.
            result = End(run, code, code is 0 ? "" : output.ErrorOutput);
        }

        return true;
    }

    private RunResult End(TrainingRun run, int? code, string errorOutput)
    {
        var status = code is { } known ? TrainingRun.StatusOf(known) : ExperimentStatus.Interrupted;
        return Run(async (_, _) =>
        {
            await using (run)
            {
                return await run.EndAsync(status, code ?? TrainingRun.InterruptedCode, errorOutput);
            }
        });
    }

    private void Finish(RunResult result, RuntimeException? failure)
    {
        var experiment = result.Experiment;
        ExitCode.Set(result.ExitCode == 0 && result.RecordingError is not null ? 1 : result.ExitCode);
        _variable?.Keep(experiment);
        Listing.Update(experiment);
        if (CiJob.Current is { } pipeline)
        {
            foreach (var line in Run((_, token) => pipeline.ReportAsync(result, token)))
            {
                Host.UI.WriteLine(line);
            }
        }

        if (!PassThru)
        {
            WriteListing(experiment);
        }

        if (result.RecordingError is { } lost)
        {
            WriteError(ErrorRecords.From(lost, experiment));
        }

        if (result.Status is not (ExperimentStatus.Completed or ExperimentStatus.StoppedEarly))
        {
            WriteError(ErrorRecords.OfRun(result, failure));
        }
    }
}
