using System.Globalization;
using Replicate.Comparisons;
using Replicate.Queries;
using Replicate.Runs.Ci;

namespace Replicate.PowerShell.Views;

/// <summary>The texts of the views: what the format file shows of objects, control characters of a repository escaped.</summary>
public static class Display
{
    private const int MaxValueLength = 24;
    private const int MaxParamsLength = 32;
    private const int MaxMetricsLength = 48;
    private const int MaxSideLength = 200;
    private const int ShortIdLength = 7;
    private const int TrendWidth = 10;

    // PowerShell breaks a longer one into lines for minutes.
    private const int MaxLineLength = 10_000;

    /// <summary>A text on one line, cut where it is longer than anybody reads.</summary>
    public static string Line(string? text) => Value.Escape(text is { Length: > MaxLineLength } ? text[..MaxLineLength] + "…" : text ?? "");

    /// <summary>How long ago something was, as in <c>3 minutes ago</c>; the date of what is long past.</summary>
    public static string Age(DateTime moment) => Moments.Age(Timestamp.From(moment), Timestamp.Now);

    /// <summary>A date with its time zone.</summary>
    public static string Date(DateTime moment) => Moments.Full(moment);

    /// <summary>A date with its time zone, and how long ago it was.</summary>
    public static string DateAndAge(DateTime moment) =>
        Age(moment) is var age && age.EndsWith("ago", StringComparison.Ordinal) ? $"{Date(moment)} ({age})" : Date(moment);

    /// <summary>A status, with the exit code where one is recorded.</summary>
    public static string Status(Experiment experiment) => experiment is { Status: ExperimentStatus.Failed, ExitCode: { } code }
        ? string.Create(CultureInfo.InvariantCulture, $"{experiment.Status} ({code})")
        : experiment.Status.ToString();

    /// <summary>A status in the colours of a shell's <c>$PSStyle</c>: the shell takes them out where nothing is coloured.</summary>
    public static string Status(Experiment experiment, object? style) => new Colors(style).Of(experiment.Status, Status(experiment));

    /// <summary>The params in which the experiments of a listing differ, on one line.</summary>
    public static string Params(Experiment experiment) => Cut(
        Join(experiment.Params, Listing.Of(experiment).VisibleParams.Where(experiment.Params.ContainsKey)), MaxParamsLength);

    /// <summary>The primary metric of a checkpoint, else all its metrics, and which checkpoint it is; empty for none.</summary>
    public static string Cell(Checkpoint? checkpoint) => checkpoint is null
        ? ""
        : $"{Cut(Join(checkpoint.Metrics, Shown(checkpoint)), MaxParamsLength)} {checkpoint.ShortId} step {checkpoint.Step}".TrimStart();

    /// <summary>The latest checkpoint as <see cref="Cell"/> tells it; empty where it is the best.</summary>
    public static string Latest(Experiment experiment) =>
        experiment.Latest() is var latest && latest == experiment.Best() ? "" : Cell(latest);

    /// <summary>All metrics of a checkpoint on one line, the primary one first.</summary>
    public static string Metrics(Checkpoint checkpoint)
    {
        var primary = checkpoint.PrimaryMetric?.Name;
        return Cut(Join(checkpoint.Metrics, checkpoint.Metrics.Names.OrderBy(name => name != primary)), MaxMetricsLength);
    }

    /// <summary>The way of the primary metric over the checkpoints as small bars; empty without one.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="width">How many characters at most.</param>
    public static string Trend(Experiment experiment, int width = TrendWidth) =>
        experiment.PrimaryMetric is not { } primary ? "" : Sparkline.Of(
            [.. experiment.Checkpoints.Select(checkpoint => Value.TryGetNumber(checkpoint.Metrics[primary.Name], out var number) ? number : double.NaN)],
            width);

    /// <summary>The id of an experiment with the branches of the tree that it was emitted in.</summary>
    public static string Branch(Experiment experiment) => Listing.Of(experiment).BranchOf(experiment) + experiment.ShortId;

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

    /// <summary>The number of the build of an experiment, and its page.</summary>
    public static string Build(Experiment experiment) => Line(string.Join(' ', new[] { experiment.Build["number"], experiment.Build["url"] }.OfType<string>()));

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
                $"{(checkpoint == best ? '*' : ' ')} {checkpoint}, {Age(checkpoint.Created)}: {Metrics(checkpoint)}".TrimEnd(':', ' ') + NotSaved(checkpoint)));
    }

    private static string NotSaved(Checkpoint checkpoint) =>
        checkpoint.MissingFiles.Count > 0 ? $" (not saved: {Line(string.Join(", ", checkpoint.MissingFiles))})" : "";

    /// <summary>A value of a difference, short; empty where that side has none.</summary>
    public static string Side(Difference difference, int side) => difference.Values[side] switch
    {
        null => "",
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        ComparedFile { IsKnown: true } file when difference is FileDifference { Change: FileChange.Mode } => Mode(file.Mode),
        ComparedFile file => Line(file.ToString()),
        string id when difference.Name == "ID" && id.Length > ShortIdLength => Line(id[..ShortIdLength]),
        double number => Value.ToText(number),
        var value => Value.ToShortText(value, MaxSideLength),
    };

    /// <summary>The values of a difference between more than two sides, below those of the others it was emitted with.</summary>
    public static string Sides(Difference difference) => DifferenceListing.Of(difference).RowOf(difference);

    /// <summary>A file that differs between two sides: what happened to it, and its sizes or permissions.</summary>
    public static string File(FileDifference difference, object? style)
    {
        var files = difference.Values.OfType<ComparedFile>().Select(
            file => difference.Change == FileChange.Mode ? Mode(file.Mode) : Line(file.ToString()));
        return new Colors(style).Of(difference.Change, $"{difference.Change} {Line(difference.Name)} ({string.Join(" -> ", files)})");
    }

    /// <summary>The lines of text that differ in a file; none where that isn't told.</summary>
    public static IEnumerable<string> Patch(FileDifference difference, object? style) =>
        difference.Diff is { } patch ? PatchLine.Of(patch).Select(new Colors(style).Of) : [];

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

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
