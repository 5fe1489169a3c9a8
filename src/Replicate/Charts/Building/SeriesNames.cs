using Replicate.Presentation;

namespace Replicate.Charts.Building;

/// <summary>Names experiments by what tells them apart.</summary>
internal static class SeriesNames
{
    private const int MaxParams = 4;
    private const int MaxValueLength = 16;
    private const int MaxNameLength = 24;

    internal static SeriesList Of(IReadOnlyList<Slice> slices)
    {
        var all = VisibleColumns.Params([.. slices.Select(slice => slice.Experiment)], all: false);
        string[] differing = [.. all.Take(MaxParams)];
        return new(
            string.Join(", ", differing.Select(Name)) + More(all),
            [.. slices.Select(slice => Of(slice.Experiment, differing, More(all)))]);
    }

    private static ChartSeries Of(Experiment experiment, string[] differing, string more)
    {
        var recorded = differing.Where(experiment.Params.ContainsKey).Select(name => $"{Name(name)}={Text(experiment, name)}");
        return new(
            Value.Escape(experiment.ShortId),
            string.Join(", ", recorded) + more,
            string.Join(", ", differing.Select(name => experiment.Params.ContainsKey(name) ? Text(experiment, name) : "-")));
    }

    private static string Name(string name) => Value.ToShortText(name, MaxNameLength);

    private static string Text(Experiment experiment, string name) => Value.ToShortText(experiment.Params[name], MaxValueLength);

    private static string More(IReadOnlyList<string> differing) => differing.Count > MaxParams ? ", ..." : "";
}
