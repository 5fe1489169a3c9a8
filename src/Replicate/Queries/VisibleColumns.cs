namespace Replicate.Queries;

/// <summary>Which params and metrics a list of experiments shows beside one another.</summary>
public static class VisibleColumns
{
    /// <summary>
    /// The params whose values differ (objects and lists left out), or all, in order. Only values of one kind are held
    /// against each other, and null against any; an experiment without a param has no say.
    /// </summary>
    public static IReadOnlyList<string> Params(IReadOnlyCollection<Experiment> experiments, bool all)
    {
        var spreads = new Dictionary<string, Spread>(StringComparer.Ordinal);
        foreach (var (name, value) in experiments.SelectMany(experiment => experiment.Params))
        {
            if (value is ValueMap or ValueList)
            {
                continue;
            }

            if (!spreads.TryGetValue(name, out var spread))
            {
                spreads.Add(name, spread = new Spread());
            }

            spread.Add(value);
        }

        return [.. spreads.Where(pair => all || pair.Value.Differs).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>The primary metrics, or all metrics of the best (else latest) checkpoints, in order.</summary>
    public static IReadOnlyList<string> Metrics(IReadOnlyCollection<Experiment> experiments, bool all)
    {
        var names = all
            ? experiments.SelectMany(experiment => ExperimentField.MetricsOf(experiment).Names)
            : experiments.Where(experiment => experiment.Best() is not null).Select(experiment => experiment.PrimaryMetric!.Name);
        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>What values a param has, as far as is needed to see that they differ.</summary>
    private sealed class Spread
    {
        private bool _hasNull;
        private object? _number;
        private object? _text;
        private object? _truth;
        private bool _differs;

        internal bool Differs => _differs || (_hasNull && (_number ?? _text ?? _truth) is not null);

        internal void Add(object? value)
        {
            if (value is null)
            {
                _hasNull = true;
                return;
            }

            ref var first = ref value is string ? ref _text : ref value is bool ? ref _truth : ref _number;
            first ??= value;
            _differs = _differs || !Value.AreEqual(first, value);
        }
    }
}
