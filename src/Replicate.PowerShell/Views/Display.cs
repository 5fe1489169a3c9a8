using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using Replicate.Comparisons;
using Replicate.PowerShell.Host;
using Replicate.Presentation;
using Replicate.Queries;

namespace Replicate.PowerShell.Views;

/// <summary>The texts of the views: what the format file shows of objects, control characters of a repository escaped.</summary>
public static class Display
{
    private const int MaxValueLength = 24;
    private const int MaxSummaryLength = 80;
    private const int MaxFindings = 20;
    private const int MaxSideLength = 200;
    private const int ShortIdLength = 7;
    private const int TrendWidth = 40;

    // PowerShell breaks a longer one into lines for minutes.
    private const int MaxLineLength = 10_000;

    /// <summary>A text on one line, cut where it is longer than anybody reads.</summary>
    public static string Line(string? text) => Value.Escape(Cut(text ?? ""));

    /// <summary>How long ago something was, as in <c>3 minutes ago</c>; the date of what is long past.</summary>
    public static string Age(DateTime moment) => Moments.Age(Timestamp.From(moment), Timestamp.Now);

    /// <summary>A line of a log as its run wrote it, a note in the colour of warnings.</summary>
    /// <param name="shown">The line.</param>
    /// <param name="style">The shell's <c>$PSStyle</c>: the shell takes colours out where nothing is coloured.</param>
    public static string LogLine(LogLine shown, object? style) => new Colors(style).Of(shown);

    /// <summary>An experiment or checkpoint as a line of the table of those it was emitted with, in a shell's window.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="host">The shell's <c>$Host</c>.</param>
    /// <param name="style">The shell's <c>$PSStyle</c>: the shell takes colours out where nothing is coloured.</param>
    public static string Row(object owner, PSHost host, object? style) => Table(owner, host).LineOf(owner, new Colors(style));

    /// <summary>The headings of that table.</summary>
    public static string Heading(object owner, PSHost host, object? style = null) => new Colors(style).OfHeading(Table(owner, host).Heading);

    /// <summary>An experiment on one line, for a shell that shows it after other things.</summary>
    public static string Summary(Experiment experiment) => string.Join(", ", new[]
    {
        $"{experiment.ShortId} {ExperimentText.Status(experiment)}", Age(experiment.Created), Value.ToShortText(experiment.Params.ToString(), MaxSummaryLength),
        experiment.Best() is { } best ? $"best {best} {ExperimentText.Metrics(best)}".TrimEnd()
            : experiment.Latest() is { } latest ? $"latest {latest} {ExperimentText.Metrics(latest)}".TrimEnd() : "",
    }.Where(part => part.Length > 0));

    /// <summary>A checkpoint on one line.</summary>
    public static string Summary(Checkpoint checkpoint) => $"{checkpoint}, {Age(checkpoint.Created)}: {ExperimentText.Metrics(checkpoint)}".TrimEnd(':', ' ');

    /// <summary>What the table of sweeps shows of one in a column.</summary>
    public static string OfSweep(Sweep sweep, string column) => SweepTable.TextOf(sweep, column);

    /// <summary>What the table of names shows of one in a column.</summary>
    public static string OfName(NamedCheckpoint named, string column) => NameTable.TextOf(named, column);

    /// <summary>What the table of a name's history shows of a change in a column.</summary>
    public static string OfNameChange(NameChange change, string column) => NameTable.TextOf(change, column);

    /// <summary>A fact about an experiment as the detail view shows it; empty where it isn't recorded.</summary>
    /// <param name="shown">The experiment, or what is left of one that came from another session.</param>
    /// <param name="name">The name of the field.</param>
    /// <param name="style">The shell's <c>$PSStyle</c>; null for no colours.</param>
    public static string Field(PSObject shown, string name, object? style = null) => shown.BaseObject is not Experiment experiment
        ? Line(shown.Properties[name]?.Value?.ToString())
        : DetailFields.Of(experiment).FirstOrDefault(field => field.Name == name).Text is not { } text ? ""
        : name == "Status" ? new Colors(style).Of(experiment.Status, text)
        : Cut(text);

    /// <summary>Values by name on one line, as they come from another session.</summary>
    public static string Values(IDictionary? values) => values is null ? "" : Line(string.Join(' ', values.Cast<DictionaryEntry>()
        .OrderBy(entry => $"{entry.Key}", StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}={(entry.Value is double number ? Value.ToText(number) : entry.Value)}")));

    /// <summary>A date with its time zone.</summary>
    public static string Date(DateTime moment) => Moments.Full(moment);

    /// <summary>The way of the primary metric over the checkpoints as small bars; empty without one.</summary>
    public static string Trend(Experiment experiment) => ExperimentText.Trend(experiment, TrendWidth);

    /// <summary>Values by name, a line each, in a list.</summary>
    public static string Block(ValueMap values)
    {
        var width = Math.Min(MaxValueLength, values.Names.Select(name => Line(name).Length).DefaultIfEmpty().Max());
        return values.Count == 0
            ? "(none)"
            : string.Join('\n', values.Select(pair => $"{(Line(pair.Key) + ":").PadRight(width + 1)} {Value.ToShortText(pair.Value, 200)}"));
    }

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
                $"{(checkpoint == best ? '*' : ' ')} {Summary(checkpoint)}" + NotSaved(checkpoint)));
    }

    /// <summary>What a check found, each on its lines, in a list; of many, those found first.</summary>
    public static string Findings(IReadOnlyList<Finding> findings) => string.Join('\n', findings.Take(MaxFindings)
        .Select(finding => $"{finding.Severity} {finding.Kind} {Line(finding.Path)}: {Line(finding.Message)} {Line(finding.Remedy)}")
        .Concat(findings.Count > MaxFindings ? [$"… {findings.Count - MaxFindings} more"] : Array.Empty<string>()));

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

    private static string Cut(string text) => text.Length > MaxLineLength ? text[..MaxLineLength] + "…" : text;

    private static ShownTable Table(object owner, PSHost host) =>
        (owner is Checkpoint checkpoint ? Listing.Of(checkpoint) : Listing.Of((Experiment)owner)).Table(Terminal.WidthOfTables(host));
}
