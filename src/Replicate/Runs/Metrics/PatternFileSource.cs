using System.Diagnostics;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Metrics from the files that a path with wildcards stands for, as <c>lightning_logs/version_*/metrics.csv</c>: those that
/// the run creates, or writes to, since other versions are of earlier runs.
/// </summary>
internal sealed class PatternFileSource : IFileSource
{
    /// <summary>How many files of earlier runs are looked at for something new, the newest first.</summary>
    private const int MaxEarlier = 64;

    private readonly string _pattern;
    private readonly Func<string, bool, IFileSource> _open;
    private readonly Dictionary<string, IFileSource?> _files = new(StringComparer.Ordinal);
    private readonly LookPace _pace = new();

    /// <param name="pattern">Absolute.</param>
    /// <param name="open">Opens a file; told whether all that it holds is of this run.</param>
    internal PatternFileSource(string pattern, Func<string, bool, IFileSource> open)
    {
        (_pattern, _open) = (pattern, open);
        var earlier = FilePattern.Find(pattern).Where(File.Exists).OrderByDescending(File.GetLastWriteTimeUtc).ToArray();
        for (var i = 0; i < earlier.Length; i++)
        {
            _files[earlier[i]] = i < MaxEarlier ? open(earlier[i], false) : null;
        }
    }

    /// <inheritdoc/>
    public bool HasAppeared => _files.Count > 0;

    /// <inheritdoc/>
    public string Account => _files.Values.LastOrDefault(file => file is not null)?.Account is { } last
        ? _files.Count == 1 ? last : $"{_files.Count} files are found by it, and of the last of them is to say that {last}"
        : "no file is found by it";

    /// <inheritdoc/>
    public void Poll(bool isLast)
    {
        if (isLast || _pace.IsDue)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var path in FilePattern.Find(_pattern).Where(path => !_files.ContainsKey(path) && File.Exists(path)))
            {
                _files[path] = _open(path, true);
            }

            _pace.Took(start);
        }

        foreach (var file in _files.Values)
        {
            file?.Poll(isLast);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file?.Dispose();
        }
    }
}

/// <summary>Spreads looks into directories so that they take a small share of the time, however many files there are.</summary>
internal sealed class LookPace
{
    private const int Share = 20;

    private long _next;

    /// <summary>Whether it is time for another look.</summary>
    internal bool IsDue => Stopwatch.GetTimestamp() >= _next;

    /// <summary>A look was taken.</summary>
    /// <param name="start">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    internal void Took(long start)
    {
        var now = Stopwatch.GetTimestamp();
        _next = now + (Share * (now - start));
    }
}
