using Replicate.Runs.Saves;

namespace Replicate.Runs.Metrics;

/// <summary>Follows the metrics files of a run until it ends.</summary>
internal sealed class FileSources : IDisposable
{
    /// <summary>So many rows at once are kept back until it is known where they were written.</summary>
    private const int MostKept = 10_000;

    /// <summary>So often is a file that is just being written read once more.</summary>
    private const int MostTries = 10;

    private readonly List<Followed> _files = [];
    private readonly MetricCollector _collector;
    private readonly MetricProblems _problems;
    private readonly StepRecorder _steps;

    /// <summary>Begins to follow, from what the files hold now: that is of an earlier run.</summary>
    /// <param name="sources">All sources of the run; those of the output are passed over.</param>
    /// <param name="directory">What relative paths are relative to; absolute.</param>
    /// <param name="collector">Takes the metrics.</param>
    /// <param name="problems">Takes what cannot be read.</param>
    /// <param name="steps">Is told where among the files that are saved the metrics were written.</param>
    internal FileSources(
        IReadOnlyList<MetricSource> sources, string directory, MetricCollector collector, MetricProblems problems, StepRecorder steps)
    {
        (_collector, _problems, _steps) = (collector, problems, steps);
        for (var i = 0; i < sources.Count; i++)
        {
            var (index, source) = (i, sources[i]);
            var path = Path.GetFullPath(source.Text.Length > 0 ? source.Text : ".", directory);
            var followed = new Followed(source, index, path);
            var takers = new FileTakers(
                reading =>
                {
                    followed.HasMetrics |= reading.Metrics.Count > 0;
                    Take(followed, reading);
                },
                line => problems.AddUnreadable(source, line),
                what => problems.AddDamaged(source, what));
            if (Open(source.Kind, path, takers) is { } file)
            {
                followed.File = file;
                followed.Clock = steps.Prints?.FollowFile(FixedPart(path), source.Kind != MetricSourceKind.TensorBoard && !FilePattern.IsPattern(path));
                _files.Add(followed);
            }
        }
    }

    /// <summary>Reads what is new. Not safe from several threads.</summary>
    /// <param name="isLast">Whether the program has ended.</param>
    internal void Poll(bool isLast)
    {
        foreach (var followed in _files)
        {
            var (source, path, file) = (followed.Source, followed.Path, followed.File!);
            if (followed.Clock is { } clock)
            {
                _steps.Prints!.BeginRows(clock);
            }

            try
            {
                file.Poll(isLast);
                for (var tries = 0; tries < MostTries && followed.Clock is { } again && followed.Kept.Count > 0 && !_steps.Prints!.IsReadWhole(again); tries++)
                {
                    // It was written while it was read: which rows are of which write is known when all are read.
                    _steps.Prints.BeginRows(again);
                    file.Poll(isLast);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _problems.AddDamaged(source, $"cannot be read: {e.Message}");
            }

            HandOn(followed);
            if (!isLast || followed.HasMetrics)
            {
                continue;
            }

            if (file.HasAppeared)
            {
                _problems.AddEmpty(source, file.Account);
            }
            else
            {
                _problems.AddMissing(source, path);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(followed => followed.File!.Dispose());

    /// <summary>The path without what has wildcards.</summary>
    private static string FixedPart(string path)
    {
        while (FilePattern.IsPattern(path))
        {
            path = Path.GetDirectoryName(path)!;
        }

        return path;
    }

    private void Take(Followed followed, MetricReading reading)
    {
        if (followed.Clock is null || followed.Kept.Count >= MostKept)
        {
            HandOn(followed);
            _collector.Take(followed.Index, reading, Timestamp.Now);
        }
        else
        {
            followed.Kept.Add((reading.Copy(), Timestamp.Now));
        }
    }

    private void HandOn(Followed followed)
    {
        if (followed.Clock is not { } clock)
        {
            return;
        }

        var kept = followed.Kept;
        var rows = _steps.Prints!.Rows(clock, kept.Count);
        for (var i = 0; i < kept.Count; i++)
        {
            using var _ = _steps.At(i < rows.Count ? rows[i] : null);
            _collector.Take(followed.Index, kept[i].Reading, kept[i].ReadAt);
        }

        kept.Clear();
    }

    private static IFileSource? Open(MetricSourceKind kind, string path, FileTakers takers)
    {
        switch (kind)
        {
            case MetricSourceKind.TensorBoard:
                return new TensorBoardSource(path, takers);
            case MetricSourceKind.CsvFile when FilePattern.IsPattern(path):
                return new PatternFileSource(path, (file, isNew) => new LineFileSource(file, new CsvReader(), takers, isNew));
            case MetricSourceKind.CsvFile:
                return new LineFileSource(path, new CsvReader(), takers);
            case MetricSourceKind.JsonFile when FilePattern.IsPattern(path):
                var rows = new StepRows(takers.Take);
                return new PatternFileSource(path, (file, isNew) => new JsonFileSource(file, takers, isNew, rows));
            case MetricSourceKind.JsonFile:
                return new JsonFileSource(path, takers);
            default:
                return null;
        }
    }

    /// <summary>A source with what follows it.</summary>
    private sealed class Followed(MetricSource source, int index, string path)
    {
        internal MetricSource Source { get; } = source;

        /// <summary>Its number among all sources.</summary>
        internal int Index { get; } = index;

        /// <summary>Tells where its rows were written; null where that can't be seen, or nobody wants to know.</summary>
        internal FileClock? Clock { get; set; }

        /// <summary>What was read in this poll.</summary>
        internal List<(MetricReading Reading, Timestamp ReadAt)> Kept { get; } = [];

        internal string Path { get; } = path;

        internal IFileSource? File { get; set; }

        /// <summary>Whether it gave a metric.</summary>
        internal bool HasMetrics { get; set; }
    }
}
