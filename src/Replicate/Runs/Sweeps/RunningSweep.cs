using System.Text.RegularExpressions;
using Replicate.Recording.Secrets;
using Replicate.Storage;

namespace Replicate.Runs.Sweeps;

/// <summary>A sweep: its points, of which those that earlier runs of its name have done are passed over.</summary>
internal sealed partial class RunningSweep : IDisposable
{
    // A repository far away is asked as often as heartbeats change.
    private static readonly TimeSpan LocalInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RemoteInterval = TimeSpan.FromSeconds(5);

    private readonly Project _project;
    private readonly SweepOptions _options;
    private readonly Queue<SweepPoint> _left = new();
    private readonly List<SweepPoint> _elsewhere = [];
    private readonly SemaphoreSlim _taking = new(1);
    private readonly long _began = Environment.TickCount64;
    private readonly EarlyStoppingJudge? _judge;
    private int _started;
    private bool _isWaitingTold;

    private RunningSweep(Project project, SweepOptions options, string name, int count, PrimaryMetric? metric)
    {
        (_project, _options, Name, Count) = (project, options, name, count);
        _judge = options.EarlyStopping == EarlyStopping.None ? null : new EarlyStoppingJudge(options.EarlyStopping, metric!.Goal);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many points it has.</summary>
    public int Count { get; }

    /// <summary>How many points were done before, or failed and are not tried again.</summary>
    public int Done { get; private set; }

    /// <summary>Why no further run was started, as the rest of a sentence; null where nothing was left.</summary>
    public string? WhyEnded { get; private set; }

    /// <summary>Begins a sweep, or goes on with one.</summary>
    /// <param name="project">The project.</param>
    /// <param name="parameters">Params by name, see <see cref="SweepDimension.Of"/>.</param>
    /// <param name="options">What is tried, and how far.</param>
    /// <param name="metric">The primary metric; null for that of the configuration.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">
    /// See <see cref="SweepPoints.Of"/>; the name is wrong (<c>SweepNameInvalid</c>), or early stopping has no metric (<c>PrimaryMetricNeeded</c>).
    /// </exception>
    public static async Task<RunningSweep> BeginAsync(
        Project project, ValueMap parameters, SweepOptions options, PrimaryMetric? metric, CancellationToken cancellationToken = default)
    {
        if (options.Name is { } given && !Names().IsMatch(given))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "SweepNameInvalid", $"'{given}' can't be the name of a sweep.",
                "Give 1 to 100 letters, digits, hyphens, underscores and dots, beginning with a letter or digit.");
        }

        metric ??= project.Configuration.PrimaryMetric;
        if (options.EarlyStopping != EarlyStopping.None && metric is null)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.PrimaryMetricNeeded, "Runs are stopped early by the primary metric, and there is none.",
                "Name one with its goal, here or in the configuration file.");
        }

        var name = options.Name ?? $"sweep-{Guid.NewGuid().ToString("N")[..7]}";
        var points = SweepPoints.Of(parameters, options.Search, options.Count, options.Seed ?? SeedOf(name));
        var sweep = new RunningSweep(project, options, name, points.Count, metric);
        var earlier = options.Name is null ? [] : await sweep.ListAsync(cancellationToken);
        for (var i = 0; i < points.Count; i++)
        {
            sweep.Sort(new SweepPoint(i + 1, points[i]), earlier, options.Retry);
        }

        foreach (var run in earlier.Where(run => metric is not null && sweep._judge is not null))
        {
            // Numbers below 0 are those of runs that came before.
            sweep._judge!.AddEarlier(
                -run.Sweep!.Number, run.Checkpoints.Select(checkpoint => Value.TryGetNumber(checkpoint.Metrics[metric!.Name], out var value) ? value : double.NaN),
                run.Status == ExperimentStatus.Completed);
        }

        return sweep;
    }

    /// <summary>How the run of a point is recorded.</summary>
    public RunOptions OptionsOf(RunOptions options, SweepPoint point) => options with
    {
        Experiment = options.Experiment with { Params = point.Params, Sweep = new SweepPlace(Name, point.Number, Count) },
        IsHopeless = _judge is null ? null : value => _judge.IsHopeless(point.Number, value),
    };

    /// <summary>
    /// Takes the next point. Where only those are left that another process runs, waits until they have ended or are lost.
    /// </summary>
    /// <returns>Null where no run is to be started any more.</returns>
    public async Task<SweepPoint?> NextAsync(CancellationToken cancellationToken = default)
    {
        await _taking.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                if ((_left.Count > 0 || _elsewhere.Count > 0) && WhyNoMore() is { } why)
                {
                    WhyEnded ??= why;
                    return null;
                }

                if (_left.TryDequeue(out var point))
                {
                    _started++;
                    return point;
                }

                if (_elsewhere.Count == 0)
                {
                    return null;
                }

                await LookElsewhereAsync(cancellationToken);
            }
        }
        finally
        {
            _taking.Release();
        }
    }

    /// <summary>Takes note of how a run ended; who interrupts one means the sweep.</summary>
    /// <returns>Whether the others end, too.</returns>
    public bool Ended(SweepRun run)
    {
        if (run.Result is { Status: ExperimentStatus.Completed })
        {
            _judge?.Complete(run.Point.Number);
        }

        var why = run.Result is { WasInterrupted: true } or { Status: ExperimentStatus.Interrupted } ? "it was interrupted"
            : _options.FailFast && run.Result is not { Status: ExperimentStatus.Completed or ExperimentStatus.StoppedEarly } ? $"run {run.Point.Number} failed"
            : null;
        WhyEnded ??= why;
        return why is not null;
    }

    /// <summary>Runs what is left, several at once; one that fails, or cannot be started, doesn't stop the rest unless that was asked for.</summary>
    /// <param name="run">Runs a point.</param>
    /// <param name="cancellationToken">Starts no further run; those that go on get it, too.</param>
    /// <returns>What became of the points that were tried, by their number.</returns>
    public async Task<IReadOnlyList<SweepRun>> RunAsync(
        Func<SweepPoint, CancellationToken, Task<RunResult>> run, CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var runs = new List<SweepRun>();
        async Task WorkAsync()
        {
            while (!ending.IsCancellationRequested && await NextAsync(ending.Token) is { } point)
            {
                SweepRun ended;
                try
                {
                    ended = new SweepRun(point, await run(point, ending.Token), null);
                }
                catch (ReplicateException e)
                {
                    ended = new SweepRun(point, null, e);
                }

                lock (runs)
                {
                    runs.Add(ended);
                }

                if (Ended(ended))
                {
                    await ending.CancelAsync();
                }
            }
        }

        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Clamp(_options.Throttle, 1, Count)).Select(_ => Task.Run(WorkAsync, ending.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One run has ended the others.
        }

        return [.. runs.OrderBy(each => each.Point.Number)];
    }

    /// <inheritdoc/>
    public void Dispose() => _taking.Dispose();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex Names();

    /// <summary>The same for a name wherever it is asked for, so that a sweep that goes on has the points that it began with.</summary>
    private static int SeedOf(string name) => name.Aggregate(unchecked((int)2166136261), (hash, c) => unchecked((hash ^ c) * 16777619));

    private static bool IsUnfinished(Experiment run) =>
        run.Status is ExperimentStatus.Interrupted or ExperimentStatus.Lost or ExperimentStatus.Stopped;

    private async Task<Experiment[]> ListAsync(CancellationToken cancellationToken)
    {
        // That there is no repository yet is no news here.
        using var silence = Log.SendTo(SilentLog.Instance);
        return [.. (await _project.Experiments.ListAsync(null, cancellationToken)).Where(experiment => experiment.Sweep?.Name == Name)];
    }

    /// <summary>Puts a point to those that are left, that run elsewhere, or that are done.</summary>
    private void Sort(SweepPoint point, IEnumerable<Experiment> earlier, bool retry)
    {
        Experiment[] runs = [.. earlier.Where(run => IsOf(run, point.Params) && !IsUnfinished(run))];
        if (Array.Exists(runs, run => run.Status is ExperimentStatus.Completed or ExperimentStatus.StoppedEarly))
        {
            Done++;
        }
        else if (Array.Exists(runs, run => run.IsRunning))
        {
            _elsewhere.Add(point);
        }
        else if (runs.Length > 0 && !retry)
        {
            Done++;
        }
        else
        {
            _left.Enqueue(point);
        }
    }

    /// <summary>Whether a run had the params of a point; secrets were not recorded.</summary>
    private static bool IsOf(Experiment run, ValueMap parameters) =>
        run.Params.Names.SequenceEqual(parameters.Names) && run.Params.Values.Zip(parameters.Values).All(values =>
            Value.AreEqual(values.First, values.Second)
            || (values.First is string text && text.Contains(SecretMask.Mask, StringComparison.Ordinal)));

    private string? WhyNoMore() =>
        WhyEnded
        ?? (_options.MaxRuns is { } most && _started >= most ? $"{Amounts.Of(most, "run")} were to be started at most"
            : _options.Budget is { } budget && Environment.TickCount64 - _began >= budget.TotalMilliseconds ? $"its time of {Moments.Span(budget)} is over"
            : null);

    private async Task LookElsewhereAsync(CancellationToken cancellationToken)
    {
        if (!_isWaitingTold)
        {
            _isWaitingTold = true;
            Log.Warn(
                $"Of the sweep '{Name}', runs that seem to go on elsewhere are waited for until each has ended, or its heartbeat has: {_elsewhere.Count}.");
        }

        await Task.Delay(StoreUrl.ToDirectory(_project.Repository) is null ? RemoteInterval : LocalInterval, cancellationToken);
        var runs = await ListAsync(cancellationToken);
        var looked = _elsewhere.ToArray();
        _elsewhere.Clear();
        foreach (var point in looked)
        {
            Sort(point, runs, _options.Retry);
        }
    }
}
