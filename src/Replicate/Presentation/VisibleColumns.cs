using Replicate.Metadata;
using Replicate.Queries;

namespace Replicate.Presentation;

/// <summary>Which params and metrics a list of experiments shows beside one another: the same in module, command, plots and report.</summary>
internal static class VisibleColumns
{
    // What more would hardly change, and takes time.
    private const int MostWeighed = 1_000;

    /// <summary>
    /// The params whose values differ (objects and lists left out), or all, in order. A param that only some experiments have
    /// differs, too.
    /// </summary>
    public static IReadOnlyList<string> Params(IReadOnlyCollection<Experiment> experiments, bool all) =>
        [.. Seen(experiments).Where(param => all || param.Differs || param.Count < experiments.Count)
            .Select(param => param.Name).Order(Utf8Order.Instance)];

    /// <summary>
    /// The params that differ, or all of a single experiment: those first that have most to do with the primary metric (see
    /// <see cref="ParamImportance"/>), then those of most values.
    /// </summary>
    public static IReadOnlyList<string> ParamsThatMatter(IReadOnlyCollection<Experiment> experiments) =>
        ParamsThatMatter(experiments, BestRun.MetricOf(experiments));

    /// <inheritdoc cref="ParamsThatMatter(IReadOnlyCollection{Experiment})"/>
    /// <param name="experiments">The experiments.</param>
    /// <param name="metric">The primary metric of most of them; null for none.</param>
    public static IReadOnlyList<string> ParamsThatMatter(IReadOnlyCollection<Experiment> experiments, PrimaryMetric? metric)
    {
        var names = Params(experiments, all: experiments.Count == 1);
        if (names.Count < 2 || experiments.Count < 2)
        {
            return names;
        }

        var weighed = experiments.Count <= MostWeighed ? experiments : [.. experiments.TakeLast(MostWeighed)];
        Experiment[] compared = metric is null ? [] : [.. weighed.Where(experiment => BestRun.IsBy(metric, experiment))];
        return [.. names
            .Select(name => new WeighedParam(
                name, Importance(compared, metric, name, weighed.Count),
                weighed.Select(experiment => Value.ToText(experiment.Params[name])).Distinct().Count()))
            .Order().Select(param => param.Name)];
    }

    /// <summary>The primary metrics, or all metrics of the best (else latest) checkpoints, in order.</summary>
    public static IReadOnlyList<string> Metrics(IReadOnlyCollection<Experiment> experiments, bool all)
    {
        var names = all
            ? experiments.SelectMany(experiment => ExperimentField.MetricsOf(experiment).Names)
            : experiments.Where(BestCheckpoint.IsThere).Select(experiment => experiment.PrimaryMetric!.Name);
        return [.. names.Distinct().Order(Utf8Order.Instance)];
    }

    // What few runs have tells little of all.
    private static double Importance(Experiment[] compared, PrimaryMetric? metric, string param, int count)
    {
        var having = Array.FindAll(compared, experiment => experiment.Params.ContainsKey(param));
        var (values, numbers) = (new object?[having.Length], new double[having.Length]);
        for (var i = 0; i < having.Length; i++)
        {
            (values[i], numbers[i]) = (having[i].Params[param], BestRun.NumberOf(having[i], metric!));
        }

        return Math.Round(ParamImportance.Of(values, numbers) * having.Length / count, 3);
    }

    /// <summary>The params that are no objects or lists.</summary>
    private static Dictionary<string, SeenParam>.ValueCollection Seen(IEnumerable<Experiment> experiments)
    {
        var seen = new Dictionary<string, SeenParam>();
        foreach (var experiment in experiments)
        {
            var map = experiment.Params;
            for (var i = 0; i < map.Count; i++)
            {
                if (map.Values[i] is not (ValueMap or ValueList))
                {
                    if (!seen.TryGetValue(map.Names[i], out var param))
                    {
                        seen.Add(map.Names[i], param = new(map.Names[i], map.Values[i]));
                    }

                    param.Add(map.Values[i]);
                }
            }
        }

        return seen.Values;
    }

    /// <summary>A param: of how many experiments it is, and whether their values differ.</summary>
    private sealed class SeenParam(string name, object? first)
    {
        public string Name => name;

        public int Count { get; private set; }

        public bool Differs { get; private set; }

        public void Add(object? value)
        {
            Count++;
            Differs = Differs || !Value.AreEqual(first, value);
        }
    }

    /// <summary>A param with what it has to do with the metric, and how many values it has; what matters most comes first.</summary>
    private sealed record WeighedParam(string Name, double Importance, int Values) : IComparable<WeighedParam>
    {
        public int CompareTo(WeighedParam? other) =>
            other is null ? -1 : Importance != other.Importance ? other.Importance.CompareTo(Importance) : other.Values.CompareTo(Values);
    }
}
