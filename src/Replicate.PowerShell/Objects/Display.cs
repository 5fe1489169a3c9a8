using System.Globalization;
using Replicate.Queries;

namespace Replicate.PowerShell.Objects;

/// <summary>The texts of the views: what the format file shows of objects, control characters of a repository escaped.</summary>
public static class Display
{
    private const int MaxValueLength = 24;
    private const int MaxSideLength = 32;
    private const int ShortIdLength = 7;

    // PowerShell breaks a longer one into lines for minutes.
    private const int MaxLineLength = 10_000;

    private const double DaysPerYear = 365.2425;

    /// <summary>A text on one line, cut where it is longer than anybody reads.</summary>
    public static string Line(string? text) => Value.Escape(text is { Length: > MaxLineLength } ? text[..MaxLineLength] + "…" : text ?? "");

    /// <summary>How long ago something was, in at most four characters: <c>42s</c>, <c>5m</c>, <c>3h</c>, <c>12d</c>, <c>2y</c>.</summary>
    public static string Age(DateTime moment)
    {
        var age = DateTime.Now - moment;
        var (count, unit) = age switch
        {
            { TotalMinutes: < 1 } => (Math.Max(0, age.TotalSeconds), 's'),
            { TotalHours: < 1 } => (age.TotalMinutes, 'm'),
            { TotalDays: < 1 } => (age.TotalHours, 'h'),
            { TotalDays: < 1000 } => (age.TotalDays, 'd'),
            _ => (age.TotalDays / DaysPerYear, 'y'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(int)count}{unit}");
    }

    /// <summary>A date with its time zone.</summary>
    public static string Date(DateTime moment) =>
        moment.ToString("ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>A status, with the exit code where one is recorded.</summary>
    public static string Status(Experiment experiment) => experiment is { Status: ExperimentStatus.Failed, ExitCode: { } code }
        ? string.Create(CultureInfo.InvariantCulture, $"{experiment.Status} ({code})")
        : experiment.Status.ToString();

    /// <summary>The params in which the experiments of a listing differ, a line each.</summary>
    public static string Params(Experiment experiment) => Join(
        '\n', experiment.Params, Listing.Of(experiment).VisibleParams.Where(experiment.Params.ContainsKey));

    /// <summary>A checkpoint and its primary metric, else all its metrics, a line each.</summary>
    public static string Cell(Checkpoint? checkpoint) =>
        checkpoint is null ? "" : $"{checkpoint.ShortId} step {checkpoint.Step}\n{Join('\n', checkpoint.Metrics, Shown(checkpoint))}".TrimEnd();

    /// <summary>All metrics of a checkpoint on one line, the primary one first.</summary>
    public static string Metrics(Checkpoint checkpoint)
    {
        var primary = checkpoint.PrimaryMetric?.Name;
        return Join(' ', checkpoint.Metrics, checkpoint.Metrics.Names.OrderBy(name => name != primary));
    }

    /// <summary>Values by name, a line each, in a list.</summary>
    public static string Block(ValueMap values)
    {
        var width = Math.Min(MaxValueLength, values.Names.Select(name => Line(name).Length).DefaultIfEmpty().Max());
        return values.Count == 0
            ? "(none)"
            : string.Join('\n', values.Select(pair => $"{(Line(pair.Key) + ":").PadRight(width + 1)} {Value.ToShortText(pair.Value, 200)}"));
    }

    /// <summary>The commit and branch of git, and whether the tree was dirty, on one line.</summary>
    public static string Git(Experiment experiment) => Line(string.Join(' ', new[]
    {
        experiment.Git["commit"] as string is { Length: > ShortIdLength } commit ? commit[..ShortIdLength] : experiment.Git["commit"] as string,
        experiment.Git["branch"] is string { Length: > 0 } branch ? $"({branch})" : null,
        experiment.Git["dirty"] is true ? "dirty" : null,
    }.Where(part => !string.IsNullOrEmpty(part))));

    /// <summary>What a run had around it, a line each, in a list; of what has many parts, how many.</summary>
    public static string Environment(Experiment experiment) => Block(Value.MapFrom(experiment.Environment.ToDictionary(
        fact => fact.Key, fact => fact.Value is ValueMap { Count: > 0 } parts ? (object)parts.Count : fact.Value)));

    /// <summary>Python packages, a line each, in a list; of many, those looked for first.</summary>
    public static string Packages(ValueMap packages)
    {
        var shown = KnownPackages.Of(packages);
        var more = packages.Count - shown.Count;
        return Block(Value.MapFrom(shown.ToDictionary())) + (more == 0 ? "" : $"\n… {more} more");
    }

    /// <summary>The checkpoints of an experiment, a line each, in a list; the best has a star.</summary>
    public static string Checkpoints(Experiment experiment)
    {
        var best = experiment.Best();
        return experiment.Checkpoints.Count == 0
            ? "(none)"
            : string.Join('\n', experiment.Checkpoints.Select(checkpoint =>
                $"{(checkpoint == best ? '*' : ' ')} {checkpoint}, {Age(checkpoint.Created)} ago: {Metrics(checkpoint)}".TrimEnd(':', ' ')));
    }

    /// <summary>A value of a difference, short; empty where that side has none.</summary>
    public static string Side(Difference difference, int side) => difference.Values[side] switch
    {
        null => "",
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        string id when difference.Name == "ID" && id.Length > ShortIdLength => id[..ShortIdLength],
        double number => Value.ToText(number),
        var value => Value.ToShortText(value, MaxSideLength),
    };

    /// <summary>The values of a difference between more than two sides.</summary>
    public static string Sides(Difference difference) =>
        string.Join(" | ", Enumerable.Range(0, difference.Values.Count).Select(side => Side(difference, side)));

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

    private static string Join(char separator, ValueMap values, IEnumerable<string> names) =>
        string.Join(separator, names.Select(name => $"{Line(name)}={Value.ToShortText(values[name], MaxValueLength)}"));
}
