using System.Globalization;
using System.Text;
using Replicate.Metadata;

namespace Replicate.Runs.Ci;

/// <summary>A run as a page of Markdown for the summary of a CI job.</summary>
internal static class RunSummary
{
    private static readonly string[] MainBranches = ["main", "master", "trunk"];

    /// <summary>Writes the page: what was run, how its metrics went, its best checkpoint, and the best of the main branch.</summary>
    /// <param name="experiment">The run.</param>
    /// <param name="rival">The best experiment of the main branch to compare with; null for none.</param>
    public static string Write(Experiment experiment, Experiment? rival = null)
    {
        var page = new StringBuilder();
        var code = experiment.ExitCode is not null and not 0 ? $" (exit code {experiment.ExitCode})" : "";
        page.Append(CultureInfo.InvariantCulture, $"## Experiment `{experiment.ShortId}`: {experiment.Status.ToString().ToLowerInvariant()}{code}\n\n");
        if (experiment.Command.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"`{experiment.Command.Replace("`", "'", StringComparison.Ordinal).ReplaceLineEndings(" ")}`\n\n");
        }

        WriteParams(page, experiment);
        WriteMetrics(page, experiment, rival);
        if (experiment.ErrorOutput.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<details><summary>Error output</summary>\n\n<pre>{Html(experiment.ErrorOutput)}</pre>\n</details>\n");
        }

        return page.ToString();
    }

    /// <summary>
    /// The experiment with the best value of the primary metric among those of the main branch, by a goal that both have;
    /// null for none.
    /// </summary>
    /// <param name="experiment">The run that is compared; never its own rival.</param>
    /// <param name="all">All experiments.</param>
    public static Experiment? BestOfMain(Experiment experiment, IEnumerable<Experiment> all) =>
        experiment.PrimaryMetric is not { } metric ? null : all
            .Where(other => other.Id != experiment.Id && MainBranches.Contains(other.Git["branch"]) && other.PrimaryMetric == metric)
            .Select(other => (other, value: Number(other.Best()?.Metrics[metric.Name])))
            .Where(pair => pair.value is not null)
            .OrderBy(pair => metric.Goal == Goal.Minimize ? pair.value : -pair.value)
            .Select(pair => pair.other)
            .FirstOrDefault();

    private static void WriteParams(StringBuilder page, Experiment experiment)
    {
        if (experiment.Params.Count == 0)
        {
            return;
        }

        page.Append("| param | value |\n|---|---|\n");
        foreach (var (name, value) in experiment.Params)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {Cell(Value.ToShortText(value, 60))} |\n");
        }

        page.Append('\n');
    }

    private static void WriteMetrics(StringBuilder page, Experiment experiment, Experiment? rival)
    {
        if (experiment.Latest() is not { } latest)
        {
            page.Append("No checkpoint was recorded.\n");
            return;
        }

        var best = experiment.Best();
        var other = rival is null ? null : BestCheckpoint.OrLatest(rival);
        var shown = best ?? latest;
        page.Append(CultureInfo.InvariantCulture, $"| metric | {(best is null ? "latest" : "best")} `{shown.ShortId}` (step {shown.Step}) | latest (step {latest.Step}) |");
        page.Append(other is null ? "" : $" main `{rival!.ShortId}` |").Append(" over the run |\n|---|--:|--:|").Append(other is null ? "" : "--:|").Append("---|\n");
        foreach (var name in experiment.Checkpoints.SelectMany(checkpoint => checkpoint.Metrics.Names).Distinct().Order(StringComparer.Ordinal))
        {
            var primary = name == experiment.PrimaryMetric?.Name ? "**" : "";
            var values = experiment.Checkpoints.Select(checkpoint => Number(checkpoint.Metrics[name])).OfType<double>().ToArray();
            page.Append(CultureInfo.InvariantCulture, $"| {primary}{Cell(name)}{primary} | {Text(shown, name)} | {Text(latest, name)} |");
            page.Append(other is null ? "" : $" {Text(other, name)} |").Append(CultureInfo.InvariantCulture, $" {Sparkline.Of(values)} |\n");
        }

        page.Append('\n');
        if (best is not null && experiment.PrimaryMetric is { } metric && Number(best.Metrics[metric.Name]) is { } ours
            && Number(other?.Metrics[metric.Name]) is { } theirs)
        {
            var isBetter = metric.Goal == Goal.Minimize ? ours < theirs : ours > theirs;
            var verdict = ours == theirs ? "As good as" : isBetter ? "Better than" : "Not as good as";
            page.Append(CultureInfo.InvariantCulture, $"{verdict} the best of the main branch by `{metric.Name}`: {Value.ToShortText(ours)} against {Value.ToShortText(theirs)}.\n\n");
        }
    }

    private static string Text(Checkpoint checkpoint, string metric) =>
        checkpoint.Metrics.TryGetValue(metric, out var value) ? Cell(Value.ToShortText(value)) : "";

    private static double? Number(object? value) => Value.TryGetNumber(value, out var number) && !double.IsNaN(number) ? number : null;

    private static string Cell(string text) => Html(Value.Escape(text)).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Html(string text) => System.Net.WebUtility.HtmlEncode(text);
}
