namespace Replicate.Presentation;

/// <summary>The tables of names and of what became of one: the same in module and command.</summary>
internal static class NameTable
{
    private const int MaxReason = 60;

    /// <summary>The columns of names, from left to right.</summary>
    public static IReadOnlyList<TableColumn<NamedCheckpoint>> Columns { get; } =
    [
        new("Name", 0, named => Value.Escape(named.Name), CanBeCut: true),
        new("Checkpoint", 5, named => Value.Escape(ShortIds.Of(named.Id))),
        new("Step", 20, named => named.Checkpoint is { } checkpoint ? Value.ToText(checkpoint.Step) : "(gone)"),
        new("Experiment", 25, named => Value.Escape(ShortIds.Of(named.ExperimentId))),
        new("Protected", 30, named => named.Protected ? "yes" : ""),
        new("Changed", 40, named => named.History.Count == 0 ? "" : Moments.Age(named.History[^1].At, Timestamp.Now)),
        new("Who", 50, named => Value.Escape(named.Who), CanBeCut: true),
        new("Why", 15, named => Value.ToShortText(named.Why, MaxReason), CanBeCut: true),
    ];

    /// <summary>The columns of what became of a name.</summary>
    public static IReadOnlyList<TableColumn<NameChange>> HistoryColumns { get; } =
    [
        new("When", 0, change => Moments.Full(change.When)),
        new("Who", 20, change => Value.Escape(change.Who), CanBeCut: true),
        new("Before", 10, change => Value.Escape(ShortIds.Of(change.Before))),
        new("After", 5, change => Value.Escape(ShortIds.Of(change.After))),
        new("Why", 15, change => Value.ToShortText(change.Why, MaxReason), CanBeCut: true),
    ];

    /// <summary>What a column shows of a name.</summary>
    public static string TextOf(NamedCheckpoint named, string heading) => Columns.First(column => column.Heading == heading).TextOf(named);

    /// <summary>What a column shows of a change.</summary>
    public static string TextOf(NameChange change, string heading) => HistoryColumns.First(column => column.Heading == heading).TextOf(change);
}
