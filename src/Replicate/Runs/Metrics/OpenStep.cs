using Replicate.Runs.Saves;

namespace Replicate.Runs.Metrics;

/// <summary>
/// A step of the training whose metrics are still being gathered. A few objects are filled again and again: a run may have
/// millions of steps.
/// </summary>
internal sealed class OpenStep
{
    private readonly List<(string Name, double Value)> _metrics = [];

    /// <summary>The step as the program told it; null where it told none.</summary>
    internal long? Step { get; set; }

    /// <summary>How many steps were seen, this one included.</summary>
    internal long Ordinal { get; private set; }

    /// <summary>When something was last read of it, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long LastTick { get; set; }

    /// <summary>When it was last read that isn't going to be overwritten.</summary>
    internal Timestamp ReadAt { get; set; }

    /// <summary>Whether all that was read of it is going to be overwritten, as a progress bar is.</summary>
    internal bool IsProvisional { get; set; } = true;

    /// <summary>Its place among what the program saves; null where that doesn't matter.</summary>
    internal StepSlot? Slot { get; set; }

    internal double? this[string name]
    {
        get
        {
            var index = _metrics.IndexOf(name);
            return index < 0 ? null : _metrics[index].Value;
        }
    }

    /// <summary>Makes another step of it, of which nothing was said yet.</summary>
    /// <param name="step">The step as the program told it; null where it told none.</param>
    /// <param name="ordinal">How many steps were seen, this one included.</param>
    internal void Begin(long? step, long ordinal)
    {
        _metrics.Clear();
        (Step, Ordinal, IsProvisional, Slot) = (step, ordinal, true, null);
    }

    /// <summary>Adds a metric that was known late; nothing where the step is another by now, or has the metric.</summary>
    internal void AddIfOpen(long ordinal, string name, double value)
    {
        if (ordinal == Ordinal && _metrics.IndexOf(name) < 0)
        {
            _metrics.Add((name, value));
        }
    }

    internal void Set(string name, double value)
    {
        var index = _metrics.IndexOf(name);
        if (index < 0)
        {
            _metrics.Add((name, value));
        }
        else
        {
            _metrics[index] = (name, value);
        }
    }

    /// <summary>The metrics, each with its last value, as they are recorded.</summary>
    internal ValueMap ToMap()
    {
        _metrics.Sort(static (left, right) => Utf8Order.Instance.Compare(left.Name, right.Name));
        var names = new string[_metrics.Count];
        var values = new object?[_metrics.Count];
        for (var i = 0; i < names.Length; i++)
        {
            (names[i], values[i]) = _metrics[i];
        }

        return new ValueMap(SharedText.Names(names), values);
    }
}
