using System.Globalization;

namespace Replicate.PowerShell.Objects;

/// <summary>The texts of the views: what the format file shows of objects, control characters of a repository escaped.</summary>
public static class Display
{
    private const int MaxValueLength = 24;

    /// <summary>A text on one line.</summary>
    public static string Line(string? text) => Value.ToShortText(text ?? "", int.MaxValue);

    /// <summary>How long ago something was, such as <c>3 minutes ago</c>.</summary>
    public static string Age(DateTime moment)
    {
        var age = DateTime.Now - moment;
        return age switch
        {
            { TotalSeconds: < 0 } => moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            { TotalMinutes: < 1 } => Ago((int)age.TotalSeconds, "second"),
            { TotalHours: < 1 } => Ago((int)age.TotalMinutes, "minute"),
            { TotalDays: < 1 } => Ago((int)age.TotalHours, "hour"),
            { TotalDays: < 60 } => Ago((int)age.TotalDays, "day"),
            _ => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A date with its time zone.</summary>
    public static string Date(DateTime moment) =>
        moment.ToString("ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>A status, with the exit code where one is recorded.</summary>
    public static string Status(Experiment experiment) => experiment is { Status: ExperimentStatus.Failed, ExitCode: { } code }
        ? string.Create(CultureInfo.InvariantCulture, $"{experiment.Status} ({code})")
        : experiment.Status.ToString();

    /// <summary>The params in which the experiments of a listing differ.</summary>
    public static string Params(Experiment experiment) => Join(
        experiment.Params, Listing.Of(experiment).VisibleParams.Where(experiment.Params.ContainsKey));

    /// <summary>A checkpoint with its primary metric, else all its metrics, in a table cell.</summary>
    public static string Cell(Checkpoint? checkpoint) =>
        checkpoint is null ? "" : $"{checkpoint} {Join(checkpoint.Metrics, Shown(checkpoint))}".TrimEnd();

    /// <summary>All metrics of a checkpoint on one line, the primary one first.</summary>
    public static string Metrics(Checkpoint checkpoint)
    {
        var primary = checkpoint.PrimaryMetric?.Name;
        return Join(checkpoint.Metrics, checkpoint.Metrics.Names.OrderBy(name => name != primary));
    }

    /// <summary>Values by name, a line each, in a list.</summary>
    public static string Block(ValueMap values)
    {
        var width = Math.Min(MaxValueLength, values.Names.Select(name => Line(name).Length).DefaultIfEmpty().Max());
        return values.Count == 0
            ? "(none)"
            : string.Join('\n', values.Select(pair => $"{(Line(pair.Key) + ":").PadRight(width + 1)} {Value.ToShortText(pair.Value, 200)}"));
    }

    /// <summary>The checkpoints of an experiment, a line each, in a list; the best has a star.</summary>
    public static string Checkpoints(Experiment experiment)
    {
        var best = experiment.Best();
        return experiment.Checkpoints.Count == 0
            ? "(none)"
            : string.Join('\n', experiment.Checkpoints.Select(checkpoint =>
                $"{(checkpoint == best ? '*' : ' ')} {checkpoint}, {Age(checkpoint.Created)}  {Metrics(checkpoint)}".TrimEnd()));
    }

    /// <summary>A value of a difference; empty where a side has none.</summary>
    public static string Side(object? value) => Value.ToShortText(value switch { null => "", _ => value }, 60);

    /// <summary>The values of a difference between more than two sides.</summary>
    public static string Sides(Difference difference) => string.Join(" | ", difference.Values.Select(Side));

    /// <summary>Permissions as <c>ls -l</c> shows them.</summary>
    public static string Mode(UnixFileMode mode)
    {
        const string Letters = "rwxrwxrwx";
        return string.Create(Letters.Length, mode, static (text, mode) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = ((int)mode & (1 << (text.Length - 1 - i))) != 0 ? Letters[i] : '-';
            }
        });
    }

    private static IEnumerable<string> Shown(Checkpoint checkpoint) => checkpoint.Experiment.PrimaryMetric is { } primary
        ? new[] { primary.Name }.Where(checkpoint.Metrics.ContainsKey)
        : checkpoint.Metrics.Names;

    private static string Join(ValueMap values, IEnumerable<string> names) =>
        string.Join(' ', names.Select(name => $"{Line(name)}={Value.ToShortText(values[name], MaxValueLength)}"));

    private static string Ago(int count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")} ago");
}
