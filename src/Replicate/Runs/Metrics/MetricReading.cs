namespace Replicate.Runs.Metrics;

/// <summary>What one line or record of a source says. One object is filled again and again: a run may print millions of lines.</summary>
internal sealed class MetricReading
{
    /// <summary>The step it names; null for none.</summary>
    internal long? Step { get; set; }

    /// <summary>What kind of counter the step is, by <see cref="StepNames"/>: 0 for a step of the whole training, <see cref="StepNames.Epoch"/> for an epoch.</summary>
    internal int StepRank { get; set; }

    /// <summary>How many of the step's counter there are; null where that isn't said.</summary>
    internal long? StepTotal { get; set; }

    /// <summary>The epoch it names, which may be a fraction, whether it is the step or a metric as well; null for none.</summary>
    internal double? Epoch { get; set; }

    /// <summary>Whether it names a step that cannot be read: it belongs to none that is known.</summary>
    internal bool IsStepUnknown { get; set; }

    /// <summary>The part of the epoch that it is of, by <see cref="PhaseNames"/>; null for none.</summary>
    internal string? Phase { get; set; }

    /// <summary>Metrics in the order they were read.</summary>
    internal List<(string Name, double Value)> Metrics { get; } = [];

    /// <summary>Whether the line was going to be overwritten, as those of a progress bar are.</summary>
    internal bool IsProvisional { get; set; }

    internal bool IsEmpty => Step is null && Metrics.Count == 0 && Epoch is null && !IsStepUnknown;

    /// <summary>The same, to be kept.</summary>
    internal MetricReading Copy()
    {
        var copy = new MetricReading
        {
            Step = Step, StepRank = StepRank, StepTotal = StepTotal, Epoch = Epoch, IsStepUnknown = IsStepUnknown, Phase = Phase,
            IsProvisional = IsProvisional,
        };
        copy.Metrics.AddRange(Metrics);
        return copy;
    }

    internal void Clear()
    {
        (Step, StepRank, StepTotal, Epoch, IsStepUnknown, IsProvisional, Phase) = (null, 0, null, null, false, false, null);
        Metrics.Clear();
    }

    /// <summary>Adds a metric; what has no name, as the index column of a table, is none.</summary>
    internal void Add(string name, double value)
    {
        if (!string.IsNullOrWhiteSpace(name))
        {
            Metrics.Add((name, value));
        }
    }
}

/// <summary>Takes what was read from one source.</summary>
internal delegate void TakeReading(MetricReading reading);
