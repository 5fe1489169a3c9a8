namespace Replicate.Runs;

/// <summary>What one line or record of a source says. One object is filled again and again: a run may print millions of lines.</summary>
internal sealed class MetricReading
{
    /// <summary>The step it names; null for none.</summary>
    internal long? Step { get; set; }

    /// <summary>Metrics in the order they were read.</summary>
    internal List<(string Name, double Value)> Metrics { get; } = [];

    /// <summary>Whether the line was going to be overwritten, as those of a progress bar are.</summary>
    internal bool IsProvisional { get; set; }

    internal bool IsEmpty => Step is null && Metrics.Count == 0;

    internal void Clear()
    {
        (Step, IsProvisional) = (null, false);
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
