namespace Replicate.Runs;

/// <summary>Follows the metrics files of a run until it ends.</summary>
internal sealed class FileSources : IDisposable
{
    private readonly List<(MetricSource Source, string Path, IFileSource File)> _files = [];
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
            TakeReading take = reading => collector.Take(index, reading, Timestamp.Now);
            Action<string> refuse = line => problems.AddUnreadable(source, line);
            var path = Path.GetFullPath(source.Text.Length > 0 ? source.Text : ".", directory);
            IFileSource? file = source.Kind switch
            {
                MetricSourceKind.CsvFile => new LineFileSource(path, new CsvReader(), take, refuse),
                MetricSourceKind.JsonFile => new JsonFileSource(path, take, refuse),
                MetricSourceKind.TensorBoard => new TensorBoardSource(path, take, refuse),
                _ => null,
            };
            if (file is not null)
            {
                _files.Add((source, path, file));
            }
        }
    }

    /// <summary>Reads what is new. Not safe from several threads.</summary>
    /// <param name="isLast">Whether the program has ended.</param>
    internal void Poll(bool isLast)
    {
        foreach (var (source, path, file) in _files)
        {
            try
            {
                file.Poll(isLast);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _problems.AddUnreadable(source, e.Message);
            }

            if (isLast && !file.HasAppeared)
            {
                _problems.AddMissing(source, path);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(entry => entry.File.Dispose());
}
