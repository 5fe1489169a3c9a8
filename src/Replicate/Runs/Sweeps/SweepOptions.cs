namespace Replicate.Runs.Sweeps;

/// <summary>What a sweep tries, and how far it goes.</summary>
internal sealed record SweepOptions
{
    /// <summary>
    /// Its name: the points that runs of this name have done are passed over. Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>;
    /// null for a new sweep with a name of its own.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>How its points are chosen.</summary>
    public SweepSearch Search { get; init; }

    /// <summary>How many points, where it isn't a grid; 1 or more.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The same seed chooses the same points; null for one that belongs to the name.</summary>
    public int? Seed { get; init; }

    /// <summary>How many runs go on at once; 1 or more.</summary>
    public int Throttle { get; init; } = 1;

    /// <summary>Whether points whose runs failed are tried again.</summary>
    public bool Retry { get; init; }

    /// <summary>Whether the first run that fails ends the others.</summary>
    public bool FailFast { get; init; }

    /// <summary>How many runs are started at most; null for all.</summary>
    public int? MaxRuns { get; init; }

    /// <summary>How long after its begin the last run is started; null for any time.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Which runs are stopped before their end, as they do worse than others.</summary>
    public EarlyStopping EarlyStopping { get; init; }
}

/// <summary>A point of a sweep.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Params">The params of its run.</param>
internal sealed record SweepPoint(int Number, ValueMap Params);

/// <summary>What became of a point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Result">How its run ended; null where it could not be started.</param>
/// <param name="Error">Why it could not be started; null where it was.</param>
internal sealed record SweepRun(SweepPoint Point, RunResult? Result, ReplicateException? Error);
