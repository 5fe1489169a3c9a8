namespace Replicate.Queries;

/// <summary>The runs of one sweep, and how far it is.</summary>
public sealed class Sweep
{
    private readonly Experiment[] _latest;

    internal Sweep(string name, IReadOnlyList<Experiment> runs)
    {
        (Name, Runs) = (name, runs);
        Count = runs.Max(run => run.Sweep!.Count);
        PrimaryMetric = BestRun.MetricOf(runs);
        Best = PrimaryMetric is null ? null : BestRun.By(PrimaryMetric, runs, least: 1);

        // A point that was tried again is what became of the last try.
        _latest = [.. runs.GroupBy(run => run.Sweep!.Number).Select(tries => tries.MaxBy(run => run.Metadata.Created)!)];
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many runs it is to have.</summary>
    public int Count { get; }

    /// <summary>The experiments, oldest first; a point that was tried again has several.</summary>
    public IReadOnlyList<Experiment> Runs { get; }

    /// <summary>When the first run began, as a local date.</summary>
    public DateTime Started => Runs[0].Created;

    /// <summary>How many runs came to their end, those that were stopped early included.</summary>
    public int Completed => Of(ExperimentStatus.Completed) + StoppedEarly;

    /// <summary>How many were stopped early, because others did better.</summary>
    public int StoppedEarly => Of(ExperimentStatus.StoppedEarly);

    /// <summary>How many failed and were not tried again.</summary>
    public int Failed => Of(ExperimentStatus.Failed);

    /// <summary>How many go on.</summary>
    public int Running => Of(ExperimentStatus.Running);

    /// <summary>How many were not begun, or were interrupted or lost: those that are run when it goes on.</summary>
    public int Left => Math.Max(0, Count - Completed - Failed - Running);

    /// <summary>The primary metric of most runs; null for none.</summary>
    public PrimaryMetric? PrimaryMetric { get; }

    /// <summary>The best run by that metric; null where none has it.</summary>
    public Experiment? Best { get; }

    /// <summary>What the best run has of the metric; null for none.</summary>
    public double? BestValue => Best is null ? null : BestRun.NumberOf(Best, PrimaryMetric!);

    /// <summary>How long it goes on at the pace of the runs that came to their end; null where nothing runs or none has ended.</summary>
    public TimeSpan? TimeLeft
    {
        get
        {
            TimeSpan[] durations =
            [
                .. _latest.Where(run => run is { Status: ExperimentStatus.Completed or ExperimentStatus.StoppedEarly, Ended: not null })
                    .Select(run => run.Ended!.Value - run.Created),
            ];
            return Running == 0 || durations.Length == 0 ? null
                : TimeSpan.FromTicks((long)durations.Average(duration => duration.Ticks)) * ((Left + (Running / 2.0)) / Running);
        }
    }

    /// <summary>How far it is, as in <c>lr-search: 8 of 12 runs</c>.</summary>
    public override string ToString() => $"{Value.Escape(Name)}: {Completed} of {Amounts.Of(Count, "run")}";

    internal static ReplicateException NotFound(string name) => new(
        ErrorKind.NotFound, "SweepNotFound", $"No experiment is a run of a sweep '{Value.Escape(name)}'.", "List the sweeps to see their names.");

    private int Of(ExperimentStatus status) => _latest.Count(run => run.Status == status);
}
