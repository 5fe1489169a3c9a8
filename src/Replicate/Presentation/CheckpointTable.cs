namespace Replicate.Presentation;

/// <summary>The table of checkpoints, for a window of any width: a column for each metric, and a star at the best of an experiment.</summary>
internal static class CheckpointTable
{
    private const string Star = "* ";
    private const string NoStar = "  ";
    private const int FirstRank = 0;
    private const int StepRank = 10;
    private const int MetricRank = 20;
    private const int ExperimentRank = 21;
    private const int PathRank = 23;
    private const int AgeRank = 25;
    private const int OtherMetricRank = 30;

    /// <summary>The columns, from left to right; a layout chooses those that there is room for.</summary>
    /// <param name="checkpoints">All that the table shows, of one experiment or several.</param>
    public static IReadOnlyList<TableColumn<Checkpoint>> Columns(IReadOnlyList<Checkpoint> checkpoints)
    {
        var experiments = checkpoints.Select(checkpoint => checkpoint.Experiment).Distinct().ToArray();
        var best = experiments.Select(experiment => experiment.Best()).OfType<Checkpoint>().ToHashSet();
        var isOneShown = checkpoints.Any(best.Contains);
        var primary = experiments.Select(experiment => experiment.PrimaryMetric?.Name).FirstOrDefault(name => name is not null);
        var metrics = checkpoints.SelectMany(checkpoint => checkpoint.Metrics.Names).Distinct()
            .OrderBy(name => name != primary).ThenBy(name => name, Utf8Order.Instance).ToArray();
        string Mark(Checkpoint checkpoint) => !isOneShown ? "" : best.Contains(checkpoint) ? Star : NoStar;
        return
        [
            new(isOneShown ? NoStar + "Id" : "Id", FirstRank, checkpoint => Mark(checkpoint) + checkpoint.ShortId, ColumnKind.Id),
            new("Step", StepRank, checkpoint => Value.ToText(checkpoint.Step)),
            new(
                "Age", AgeRank, checkpoint => Moments.Age(checkpoint.CreatedAt, Timestamp.Now),
                Width: Moments.WidthOfAge(checkpoints, checkpoint => checkpoint.CreatedAt, Timestamp.Now)),
            .. metrics.Select((name, i) => new TableColumn<Checkpoint>(
                Value.Escape(name), i == 0 ? MetricRank : OtherMetricRank + i,
                checkpoint => checkpoint.Metrics.TryGetValue(name, out var value) ? Value.ToShortText(value, 10) : "")),
            new("Path", PathRank, checkpoint => Value.Escape(checkpoint.PathText), CanBeCut: true),
            .. experiments.Length < 2 ? [] : new[]
            {
                new TableColumn<Checkpoint>("Experiment", ExperimentRank, checkpoint => checkpoint.Experiment.ShortId),
            },
        ];
    }
}
