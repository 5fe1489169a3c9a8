using System.Management.Automation;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.Runs;
using Replicate.Runs.Programs;
using Replicate.Runs.Sweeps;

namespace Replicate.PowerShell.Cmdlets;

/// <content>Several runs with params to try.</content>
public sealed partial class InvokeReplicateExperiment
{
    private bool _isSweep;
    private (Stream Output, Stream Error)? _ownOutput;

    /// <summary>Runs every combination of the params that are lists.</summary>
    [Parameter]
    public SwitchParameter Grid { get; set; }

    /// <summary>Runs so many of the combinations, chosen at random; a param of the form <c>@{ min = 1e-5; max = 0.1; scale = 'log' }</c> is a range.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Random { get; set; }

    /// <summary>Runs so many points, each param spread evenly over its values or range.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? LatinHypercube { get; set; }

    /// <summary>Chooses the same points again; by default the points belong to the name of the sweep.</summary>
    [Parameter]
    public int? Seed { get; set; }

    /// <summary>The name of the sweep; run again, it passes over what is done.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SweepCompleter))]
    public string? Sweep { get; set; }

    /// <summary>Tries the points again whose runs failed.</summary>
    [Parameter]
    public SwitchParameter Retry { get; set; }

    /// <summary>How many runs of a sweep go on at once; by default 1. A script block then runs in a process of its own.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Throttle { get; set; } = 1;

    /// <summary>Ends the other runs of a sweep when one fails.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>How many runs of a sweep are started at most.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxRuns { get; set; }

    /// <summary>How long after its begin the last run of a sweep is started.</summary>
    [Parameter]
    public TimeSpan? Budget { get; set; }

    /// <summary>How long a program may run until it is ended, and counts as failed.</summary>
    [Parameter]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Stops runs of a sweep that do worse than others by the primary metric.</summary>
    [Parameter]
    public EarlyStopping EarlyStopping { get; set; }

    /// <summary>Does not show the output of programs.</summary>
    [Parameter]
    public SwitchParameter Silent { get; set; }

    private SweepOptions? SweepOptions => Random is null && LatinHypercube is null && !Grid ? null : new()
    {
        Name = Sweep, Seed = Seed, Throttle = Throttle, Retry = Retry, FailFast = FailFast, MaxRuns = MaxRuns, Budget = Budget,
        EarlyStopping = EarlyStopping,
        Search = Random is not null ? SweepSearch.Random : LatinHypercube is not null ? SweepSearch.LatinHypercube : SweepSearch.Grid,
        Count = Random ?? LatinHypercube ?? 1,
    };

    private (Stream Output, Stream Error) OwnOutput =>
        _ownOutput ??= Silent ? (Stream.Null, Stream.Null) : (Console.OpenStandardOutput(), Console.OpenStandardError());

    /// <summary>A run that can't be started doesn't stop the rest of a sweep.</summary>
    private protected override bool EndsPipeline(Exception error) => !_isSweep || error is not ReplicateException;

    private void RunSweep(SweepOptions sweepOptions, RunOptions options, ValueMap parameters)
    {
        using var sweep = Run((_, token) => RunningSweep.BeginAsync(Project, parameters, sweepOptions, options.PrimaryMetric, token));
        _isSweep = true;
        if (ScriptBlock is not null && WritesBytes)
        {
            _blockProgram = BlockProgram.Of(this, ScriptBlock);
        }

        var runs = Throttle == 1 ? RunInTurn(sweep, options)
            : Run((_, token) => sweep.RunAsync((point, ending) => RunBesideAsync(sweep, options, point, ending), token));
        foreach (var run in runs.Where(_ => Throttle > 1))
        {
            if (run.Result is { } result)
            {
                Finish(result, failure: null);
            }
            else
            {
                ExitCode.Set(1);
                WriteError(ErrorRecords.From(run.Error!, run.Point.Params));
            }
        }

        if (sweep.WhyEnded is null)
        {
            WriteVerbose(SweepText.Of(sweep, runs));
        }
        else
        {
            WriteWarning(SweepText.Of(sweep, runs));
        }
    }

    /// <summary>Runs one point after the other, in this process where they are script blocks, and tells of each when it ends.</summary>
    private List<SweepRun> RunInTurn(RunningSweep sweep, RunOptions options)
    {
        var runs = new List<SweepRun>();
        while (Run((_, token) => sweep.NextAsync(token)) is { } point)
        {
            runs.Add(new SweepRun(point, RunOne(sweep.OptionsOf(options, point), point.Params), null));
            if (sweep.Ended(runs[^1]))
            {
                break;
            }
        }

        return runs;
    }

    /// <summary>Runs a point beside others: each line of its output begins with its number.</summary>
    private async Task<RunResult> RunBesideAsync(RunningSweep sweep, RunOptions options, SweepPoint point, CancellationToken cancellationToken)
    {
        var (output, error) = OwnOutput;
        await using var ownOutput = new PrefixedOutput(output, SweepText.PrefixOf(sweep, point));
        await using var ownError = new PrefixedOutput(error, SweepText.PrefixOf(sweep, point));
        return await RunProgramAsync(sweep.OptionsOf(options, point), point.Params, (ownOutput, ownError), progress: null, cancellationToken);
    }
}
