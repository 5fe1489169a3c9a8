using System.Diagnostics;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Metrics from TensorBoard event files: one, or all below a directory, those of earlier runs passed over. Events of several
/// files come in the order in which they were recorded.
/// </summary>
internal sealed class TensorBoardSource : IFileSource
{
    private const string NamePart = "tfevents";

    private readonly string _path;
    private readonly FileTakers _takers;
    private readonly RunNames _names;
    private readonly LookPace _pace = new();
    private readonly SortedDictionary<string, EventFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly int _earlier;

    /// <param name="path">Absolute; it need not exist, and may have wildcards.</param>
    /// <param name="takers">Take what events say.</param>
    internal TensorBoardSource(string path, FileTakers takers)
    {
        (_path, _takers) = (path, takers);
        _names = new RunNames(Path.TrimEndingDirectorySeparator(path));
        foreach (var file in Find())
        {
            _files[file] = new EventFile(file, isEarlier: true);
        }

        _earlier = _files.Count;
    }

    /// <inheritdoc/>
    public bool HasAppeared => _files.Count > 0;

    /// <inheritdoc/>
    public string Account
    {
        get
        {
            var events = _files.Values.Sum(file => file.Events);
            return _files.Count == _earlier && events == 0
                ? $"{Count(_files.Count, "event file")} of earlier runs {(_files.Count == 1 ? "is" : "are")} there, and nothing was written since the run began"
                : $"in {Count(_files.Count - _earlier, "event file")} of this run {(events == 1 ? "is" : "are")} {Count(events, "event")}, and no scalar; a writer that was not closed may not have written them yet";
        }
    }

    /// <inheritdoc/>
    public void Poll(bool isLast)
    {
        if (isLast || _pace.IsDue)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var path in Find())
            {
                if (!_files.ContainsKey(path))
                {
                    _files[path] = new EventFile(path, isEarlier: false);
                }
            }

            _pace.Took(start);
        }

        TakeAll([.. _files.Values.Where(file => file.IsChanged())]);
        foreach (var (path, file) in isLast ? [.. _files] : Array.Empty<KeyValuePair<string, EventFile>>())
        {
            if (file.HasRest)
            {
                _takers.Damage($"'{Path.GetFileName(path)}' ends within a record: the program was cut off while it wrote, and its last values are lost");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private void TakeAll(List<EventFile> files)
    {
        while (true)
        {
            files.RemoveAll(file =>
            {
                Fill(file);
                return file.Reading.IsEmpty;
            });
            EventFile? first = null;
            foreach (var file in files)
            {
                // All that have something to say are known before the first is named.
                _directories.Add(file.Directory);
                first = first is null || file.Time < first.Time ? file : first;
            }

            if (first is null)
            {
                return;
            }

            Take(first);
        }
    }

    private void Fill(EventFile file)
    {
        try
        {
            file.Fill();
        }
        catch (FormatException e)
        {
            var name = _files.First(entry => entry.Value == file).Key;
            _takers.Damage($"'{Path.GetFileName(name)}' {e.Message}");
        }
    }

    private void Take(EventFile file)
    {
        var reading = file.Reading;
        if (_names.PrefixOf(file.Directory, _directories) is { Length: > 0 } prefix)
        {
            for (var i = 0; i < reading.Metrics.Count; i++)
            {
                reading.Metrics[i] = (prefix + reading.Metrics[i].Name, reading.Metrics[i].Value);
            }
        }

        _takers.Take(reading);
        reading.Clear();
    }

    private IEnumerable<string> Find()
    {
        try
        {
            return File.Exists(_path) ? [_path]
                : Directory.Exists(_path) ? [.. FilePattern.FindBelow(_path, NamePart)]
                : FilePattern.IsPattern(_path) ? [.. FilePattern.Find(_path).SelectMany(FilesOf)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> FilesOf(string path) =>
        Directory.Exists(path) ? FilePattern.FindBelow(path, NamePart)
        : Path.GetFileName(path).Contains(NamePart, StringComparison.Ordinal) ? [path]
        : [];
}
