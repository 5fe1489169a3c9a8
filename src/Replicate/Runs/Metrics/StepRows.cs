namespace Replicate.Runs.Metrics;

/// <summary>
/// Passes on the rows of a file that are new. Where several rows tell of one step, as Lightning's do of training and of
/// validation, what each says again isn't passed on again, so that they make one point.
/// </summary>
/// <param name="take">Takes what is new.</param>
internal sealed class StepRows(TakeReading take)
{
    private readonly SeenRows _seen = new();
    private readonly Dictionary<string, double> _said = new(StringComparer.Ordinal);
    private long? _step;

    /// <summary>What comes next may be the rows from the start.</summary>
    internal void Restart() => _seen.Restart();

    /// <summary>Takes a row.</summary>
    internal void Take(MetricReading row)
    {
        if (row.IsEmpty || !_seen.IsNew(row))
        {
            return;
        }

        if (row.Step is null || row.Step != _step || !LeaveOutKnown(row))
        {
            _said.Clear();
        }

        _step = row.Step;
        foreach (var (name, value) in row.Metrics)
        {
            _said[name] = value;
        }

        take(row);
    }

    /// <summary>Leaves out what was said of the step, where the row says nothing else of that, and something more.</summary>
    private bool LeaveOutKnown(MetricReading row)
    {
        var known = 0;
        foreach (var (name, value) in row.Metrics)
        {
            if (_said.TryGetValue(name, out var said))
            {
                known++;
                if (!said.Equals(value))
                {
                    return false;
                }
            }
        }

        if (known == row.Metrics.Count)
        {
            return false;
        }

        row.Metrics.RemoveAll(metric => _said.ContainsKey(metric.Name));
        return true;
    }
}
