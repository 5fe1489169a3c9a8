namespace Replicate.Runs;

/// <summary>Follows the metrics files of a run until it ends.</summary>
internal sealed class FileSources : IDisposable
{
    private readonly List<Followed> _files = [];
    private readonly MetricProblems _problems;

    /// <summary>Begins to follow, from what the files hold now: that is of an earlier run.</summary>
    /// <param name="sources">All sources of the run; those of the output are passed over.</param>
    /// <param name="directory">What relative paths are relative to; absolute.</param>
    /// <param name="collector">Takes the metrics.</param>
    /// <param name="problems">Takes what cannot be read.</param>
    internal FileSources(IReadOnlyList<MetricSource> sources, string directory, MetricCollector collector, MetricProblems problems)
    {
        _problems = problems;
        for (var i = 0; i < sources.Count; i++)
        {
            var (index, source) = (i, sources[i]);
            var path = Path.GetFullPath(source.Text.Length > 0 ? source.Text : ".", directory);
            var followed = new Followed(source, path);
            var takers = new FileTakers(
                reading =>
                {
                    followed.HasMetrics |= reading.Metrics.Count > 0;
                    collector.Take(index, reading, Timestamp.Now);
                },
                line => problems.AddUnreadable(source, line),
                what => problems.AddDamaged(source, what));
            if (Open(source.Kind, path, takers) is { } file)
            {
                followed.File = file;
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
            try
            {
                file.Poll(isLast);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _problems.AddDamaged(source, $"cannot be read: {e.Message}");
            }

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
    private sealed class Followed(MetricSource source, string path)
    {
        internal MetricSource Source { get; } = source;

        internal string Path { get; } = path;

        internal IFileSource? File { get; set; }

        /// <summary>Whether it gave a metric.</summary>
        internal bool HasMetrics { get; set; }
    }
}
