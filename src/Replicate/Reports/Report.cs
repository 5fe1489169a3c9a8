using Replicate.Adapters;
using Replicate.Presentation;
using Replicate.Storage;

namespace Replicate.Reports;

/// <summary>
/// One self-contained page about many experiments. What was read of tarballs is kept, so that writing the report again
/// reads only what is new. Not safe from several threads.
/// </summary>
/// <param name="options">How it is written.</param>
public sealed class Report(ReportOptions options)
{
    // What each builds on comes before it.
    private static readonly string[] Scripts =
    [
        "values.js", "dates.js", "query.js", "data.js", "dom.js", "state.js", "statistics.js", "find.js", "columns.js", "header.js", "table.js",
        "copying.js", "series.js", "curves.js", "axes.js", "parallel.js", "scatter.js", "experiments.js", "code.js", "compare.js", "commands.js",
        "files.js", "details.js", "live.js", "page.js",
    ];

    private static readonly string[] Styles = ["page.css", "table.css", "plots.css", "files.css", "print.css"];

    private readonly SavedTexts _saved = new();
    private readonly SavedLogs _logs = new();

    /// <summary>Writes the report to a stream.</summary>
    /// <param name="experiments">What it is about, in the order of <see cref="ReportOptions.KeepsOrder"/>.</param>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="progress">Told how many experiments are read.</param>
    /// <param name="cancellationToken">Ends the work with half a page.</param>
    public async Task WriteAsync(
        IReadOnlyList<Experiment> experiments, Stream stream, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var notes = await ReadFilesAsync(experiments, progress, cancellationToken);
        await PageOf(experiments, notes, reloadsAfter: null).WriteAsync(stream, cancellationToken);
    }

    /// <summary>Writes the report to a file that is whole at any time: it takes the place of what was there at the end.</summary>
    /// <param name="experiments">What it is about, in the order of <see cref="ReportOptions.KeepsOrder"/>.</param>
    /// <param name="path">The file's absolute path.</param>
    /// <param name="progress">Told how many experiments are read.</param>
    /// <param name="cancellationToken">Ends the work; the file is then as it was.</param>
    /// <exception cref="ReplicateException">The file cannot be written.</exception>
    public async Task WriteAsync(
        IReadOnlyList<Experiment> experiments, string path, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var notes = await ReadFilesAsync(experiments, progress, cancellationToken);
        await WriteAsync(PageOf(experiments, notes, reloadsAfter: null), path, cancellationToken);
    }

    /// <summary>
    /// Writes the report again and again, as a page that reloads itself as often, until it is told to end; then once more as
    /// one that doesn't.
    /// </summary>
    /// <param name="list">Lists what the report is about; where the repository does not answer, the page stays as it is.</param>
    /// <param name="path">The file's absolute path.</param>
    /// <param name="interval">How long to wait before the next time.</param>
    /// <param name="progress">Told how many experiments are read.</param>
    /// <param name="cancellationToken">Ends the work, within a moment.</param>
    /// <exception cref="OperationCanceledException">Always, unless another error ends it.</exception>
    /// <exception cref="ReplicateException">The file cannot be written.</exception>
    public async Task WatchAsync(
        Func<CancellationToken, Task<IReadOnlyList<Experiment>>> list, string path, TimeSpan interval,
        IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        HtmlPage? last = null;
        try
        {
            while (true)
            {
                try
                {
                    var experiments = await list(cancellationToken);
                    var notes = await ReadFilesAsync(experiments, progress, cancellationToken);
                    await WriteAsync(PageOf(experiments, notes, interval), path, cancellationToken);
                    last = PageOf(experiments, notes, reloadsAfter: null);
                }
                catch (ReplicateException error) when (error.Kind == ErrorKind.Unavailable && last is not null)
                {
                    Log.Warn(error.Message);
                }

                await Task.Delay(interval, cancellationToken);
            }
        }
        finally
        {
            if (last is not null)
            {
                await WriteAsync(last, path, CancellationToken.None);
            }
        }
    }

    /// <summary>The text of one of the page's own scripts.</summary>
    internal static string ReadScript(string name)
    {
        using var reader = new StreamReader(typeof(Report).Assembly.GetManifestResourceStream($"Report/{name}")!);
        return reader.ReadToEnd();
    }

    private static Task WriteAsync(HtmlPage page, string path, CancellationToken cancellationToken) =>
        WholeFile.WriteAsync(path, page.WriteAsync, cancellationToken);

    private HtmlPage PageOf(IReadOnlyList<Experiment> experiments, IReadOnlyList<string> notes, TimeSpan? reloadsAfter) => new()
    {
        Title = options.Title,
        Style = string.Concat(Styles.Select(ReadScript)),
        Body = ReadScript("page.html"),
        Data = [new("data", (stream, token) => new ReportData(experiments, options, reloadsAfter, _saved, _logs, notes).WriteAsync(stream, token))],
        Scripts = [AdapterLoader.Adapters.ReadPageLibraries(), $"'use strict';\n(() => {{\n{string.Concat(Scripts.Select(ReadScript))}}})();\n"],
    };

    /// <summary>Reads the saved files and the ends of the logs, as far as they can be read.</summary>
    /// <returns>What the reader of the page has to know of what could not.</returns>
    private async Task<IReadOnlyList<string>> ReadFilesAsync(
        IReadOnlyList<Experiment> experiments, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var failed = new List<(string Name, ReplicateException Error)>();
        await _logs.ReadAsync(experiments, cancellationToken);
        for (var i = 0; options.IncludesCode && i < experiments.Count; i++)
        {
            var experiment = experiments[i];
            foreach (var checkpoint in ReadOf(experiment))
            {
                try
                {
                    await (checkpoint is null || IsShownWhole(experiment, checkpoint)
                        ? _saved.ReadAsync(experiment, checkpoint, cancellationToken)
                        : _saved.ReadImagesAsync(experiment, checkpoint, cancellationToken));
                }
                catch (ReplicateException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.InvalidData)
                {
                    failed.Add((checkpoint?.ShortId ?? experiment.ShortId, error));
                }
            }

            progress?.Report(new Progress("Reading saved files", i + 1, experiments.Count, ProgressUnit.Items));
        }

        return [.. Tell(failed), .. TellOfBest(experiments)];
    }

    /// <summary>Says of which experiments the best step has no files, though it or others wrote some.</summary>
    private static string[] TellOfBest(IReadOnlyList<Experiment> experiments)
    {
        const int Most = 10;
        var warnings = experiments.Select(experiment => experiment.Best()).OfType<Checkpoint>()
            .Select(best => (Text: best.FilesWarning("best"), IsTold: best.MissingFiles.Count > 0))
            .Where(warning => warning.Text.Length > 0).ToList();
        foreach (var warning in warnings.Take(Most).Where(warning => !warning.IsTold))
        {
            Log.Warn(warning.Text);
        }

        string[] more = warnings.Count > Most ? [$"So it is with the best checkpoints of {warnings.Count - Most} more experiments."] : [];
        return [.. warnings.Take(Most).Select(warning => warning.Text), .. more];
    }

    /// <summary>Whose files are read: the experiment's, as null, and those of checkpoints, the ones that are read whole first.</summary>
    private IEnumerable<Checkpoint?> ReadOf(Experiment experiment) =>
        (options.IncludesCheckpointFiles ? new[] { null, experiment.Best(), experiment.Latest() }.Concat(experiment.Checkpoints).Distinct() : [null])
        .Where(checkpoint => (checkpoint?.Path ?? experiment.Path).Length > 0);

    /// <summary>Of other checkpoints than the best and the latest only the pictures are shown.</summary>
    private static bool IsShownWhole(Experiment experiment, Checkpoint checkpoint) =>
        checkpoint == experiment.Best() || checkpoint == experiment.Latest();

    private static string[] Tell(List<(string Name, ReplicateException Error)> failed)
    {
        const int Most = 10;
        if (failed.Count == 0)
        {
            return [];
        }

        var names = string.Join(", ", failed.Take(Most).Select(one => one.Name)) + (failed.Count > Most ? ", …" : "");
        var message = $"The saved files of {failed.Count} experiments or checkpoints could not be read and are not in this report: {names}. "
            + $"{failed[0].Error.Message} {failed[0].Error.RecommendedAction}";
        Log.Warn(message);
        return [message];
    }
}
