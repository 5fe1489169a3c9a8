using Replicate.Queries;

namespace Replicate.Presentation;

/// <summary>The table of sweeps: the same in module and command.</summary>
internal static class SweepTable
{
    /// <summary>The columns, from left to right.</summary>
    public static IReadOnlyList<TableColumn<Sweep>> Columns { get; } =
    [
        new("Name", 0, sweep => Value.Escape(sweep.Name), CanBeCut: true),
        new("Started", 50, sweep => Moments.Age(Timestamp.From(sweep.Started), Timestamp.Now)),
        new("Status", 10, Status),
        new("Runs", 5, sweep => $"{Value.ToText((long)sweep.Completed)} of {Value.ToText((long)sweep.Count)}"),
        new("Failed", 20, sweep => Text(sweep.Failed)),
        new("Early", 40, sweep => Text(sweep.StoppedEarly)),
        new("Best", 15, Best, CanBeCut: true),
        new("Left", 30, sweep => sweep.TimeLeft is { } left ? Moments.Span(left) : ""),
    ];

    /// <summary>What a column shows of a sweep.</summary>
    public static string TextOf(Sweep sweep, string heading) => Columns.First(column => column.Heading == heading).TextOf(sweep);

    private static string Status(Sweep sweep) => sweep.Running > 0 ? "running" : sweep.Left > 0 ? "unfinished" : "done";

    private static string Best(Sweep sweep) => sweep.Best is { } best
        ? $"{best.ShortId} {Value.Escape(sweep.PrimaryMetric!.Name)} {Value.ToShortText(sweep.BestValue)}"
        : "";

    private static string Text(int count) => count == 0 ? "" : Value.ToText((long)count);
}
