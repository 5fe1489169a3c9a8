using Replicate.Queries;

namespace Replicate.Presentation;

/// <summary>The table of a list of experiments, for a window of any width: a column for each param that differs, and the primary metric.</summary>
internal static class ExperimentTable
{
    private const string Star = "* ";
    private const string NoStar = "  ";
    private const int TrendWidth = 10;

    // It takes all checkpoints of each, of which a long list makes two.
    private const int MostWithTrend = 500;

    // In a narrow window: which run, how good, with which of the params that matter most, and what became of it.
    private const int FirstRank = 0;
    private const int StatusRank = 15;
    private const int AgeRank = 25;
    private const int BestRank = 45;
    private const int OriginRank = 55;
    private const int LatestRank = 65;
    private const int TrendRank = 75;
    private const int MetricRank = 10;
    private const int OtherMetricRank = 50;
    private const int FirstParamRank = 12;
    private const int ParamRank = 20;
    private const int BetweenParams = 10;

    /// <summary>The columns of a list, from left to right; a layout chooses those that there is room for.</summary>
    /// <param name="experiments">All that the list shows.</param>
    /// <param name="branches">What a tree draws before the id of an experiment; null for none.</param>
    public static IReadOnlyList<TableColumn<Experiment>> Columns(
        IReadOnlyList<Experiment> experiments, IReadOnlyDictionary<string, string>? branches = null)
    {
        // What all else asks each for is made on all cores.
        ManyAtOnce.For(experiments.Count, i => _ = experiments[i].Best() ?? experiments[i].Latest());
        var primary = BestRun.MetricOf(experiments);
        var best = primary is null ? null : BestRun.By(primary, experiments, least: 2);
        var metrics = Metrics(experiments, primary);
        var parameters = VisibleColumns.ParamsThatMatter(experiments, primary);
        string Mark(Experiment experiment) => best is null ? "" : experiment.Id == best.Id ? Star : NoStar;
        return
        [
            new(
                best is null ? "Id" : NoStar + "Id", FirstRank,
                experiment => Mark(experiment) + branches?.GetValueOrDefault(experiment.Id) + experiment.ShortId, ColumnKind.Id),
            new("Age", AgeRank, experiment => Moments.Age(experiment.Metadata.Created, Timestamp.Now), Width: AgeWidth(experiments)),
            new("Status", StatusRank, ExperimentText.Status, ColumnKind.Status),
            .. Origin(experiments, "User", experiment => experiment.User),
            .. Origin(experiments, "Host", experiment => experiment.Host),
            .. parameters.Select((name, i) => new TableColumn<Experiment>(
                Value.Escape(metrics.Contains(name) ? ExperimentField.ParamsPrefix + name : name),
                i == 0 ? FirstParamRank : ParamRank + (i * BetweenParams),
                experiment => Text(experiment.Params, name),
                CanBeCut: experiments.Any(experiment => experiment.Params[name] is string))),
            .. metrics.Select((name, i) => new TableColumn<Experiment>(
                Value.Escape(name), i == 0 ? MetricRank : OtherMetricRank + i,
                experiment => Text(ExperimentField.MetricsOf(experiment), name))),
            new("Best", BestRank, experiment => experiment.Best()?.ToString() ?? ""),
            .. Trend(experiments),
            new("Latest", LatestRank, experiment => Latest(experiment, metrics)),
        ];
    }

    /// <summary>The primary metrics, that of most experiments first; where there are none, what the latest checkpoints have.</summary>
    private static string[] Metrics(IReadOnlyList<Experiment> experiments, PrimaryMetric? primary) =>
        [.. VisibleColumns.Metrics(experiments, all: primary is null).OrderBy(name => name != primary?.Name)];

    // What a shell holds grows older: room for it is left.
    private static int AgeWidth(IReadOnlyList<Experiment> experiments) =>
        Moments.WidthOfAge(experiments, experiment => experiment.Metadata.Created, Timestamp.Now);

    private static IEnumerable<TableColumn<Experiment>> Trend(IReadOnlyList<Experiment> experiments) =>
        experiments.Count is > 0 and <= MostWithTrend && experiments.Any(experiment => experiment.PrimaryMetric is not null && experiment.Checkpoints.Count > 1)
            ? [new("Trend", TrendRank, experiment => ExperimentText.Trend(experiment, TrendWidth),
                Width: Math.Min(TrendWidth, experiments.Max(experiment => experiment.Checkpoints.Count)))]
            : [];

    private static IEnumerable<TableColumn<Experiment>> Origin(IReadOnlyList<Experiment> experiments, string heading, Func<Experiment, string> textOf) =>
        experiments.Any(experiment => textOf(experiment) != textOf(experiments[0]))
            ? [new(heading, OriginRank, experiment => Value.Escape(textOf(experiment)), CanBeCut: true)]
            : [];

    /// <summary>The latest checkpoint with its primary metric; nothing where it is the best.</summary>
    private static string Latest(Experiment experiment, string[] metrics)
    {
        var latest = experiment.Latest();
        var primary = experiment.PrimaryMetric?.Name;
        return latest is null || latest == experiment.Best() ? ""
            : primary is not null && metrics.Contains(primary) ? $"{Text(latest.Metrics, primary)} {latest}".TrimStart()
            : $"{latest}";
    }

    private static string Text(ValueMap values, string name) =>
        values.TryGetValue(name, out var value) ? Value.ToShortText(value, MaxLength(value)) : "";

    // A number is rounded for a table, a text has the room that the window has.
    private static int MaxLength(object? value) => value is double ? 10 : 200;
}
