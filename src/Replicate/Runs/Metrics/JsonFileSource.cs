using System.Text;
using System.Text.Json;

namespace Replicate.Runs;

/// <summary>
/// Metrics from a JSON file of either kind: lines that are objects, or one document that is rewritten, which is a list of
/// objects or has one under <c>log_history</c>, as <c>trainer_state.json</c>.
/// </summary>
internal sealed class JsonFileSource : IFileSource
{
    private const string History = "log_history";
    private const int MaxLength = 1 << 28;

    private readonly string _path;
    private readonly TakeReading _take;
    private readonly Action<string> _refuse;
    private readonly SeenRows _seen = new();
    private readonly MetricReading _reading = new();
    private readonly LineFileSource _lines;
    private FileStamp? _last;
    private bool? _isLines;

    /// <param name="path">Absolute; the file need not exist.</param>
    /// <param name="take">Takes what its objects say.</param>
    /// <param name="refuse">Takes what cannot be read.</param>
    internal JsonFileSource(string path, TakeReading take, Action<string> refuse)
    {
        (_path, _take, _refuse) = (path, take, refuse);
        _lines = new LineFileSource(path, new JsonReader(isOnly: true), take, refuse);
        _last = FileStamp.Of(path);
        HasAppeared = _last is not null;
    }

    /// <inheritdoc/>
    public bool HasAppeared { get; private set; }

    /// <inheritdoc/>
    public void Poll(bool isLast)
    {
        HasAppeared |= FileStamp.Of(_path) is not null;
        _isLines ??= HasAppeared ? IsLines(isLast) : null;
        if (_isLines == true)
        {
            _lines.Poll(isLast);
        }
        else if (_isLines == false && FileStamp.Of(_path) is { } stamp && (isLast || stamp != _last))
        {
            ReadDocument(stamp, isLast);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    /// <summary>Lines where the first is an object of its own; null while that can't be told.</summary>
    private bool? IsLines(bool isLast)
    {
        if (Path.GetExtension(_path) is ".jsonl" or ".ndjson")
        {
            return true;
        }

        using var file = new StreamReader(
            _path, Encoding.UTF8, true, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
        var line = file.ReadLine()?.Trim() ?? "";
        if (line.Length == 0 || (file.EndOfStream && !isLast && !IsObject(line, out _)))
        {
            return null;
        }

        return IsObject(line, out var json) && !json.TryGetProperty(History, out _);
    }

    private static bool IsObject(string text, out JsonElement json)
    {
        try
        {
            json = PythonJson.Parse(text);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }

    private void ReadDocument(FileStamp stamp, bool isLast)
    {
        if (stamp.Length > MaxLength)
        {
            return;
        }

        JsonElement json;
        try
        {
            using var file = new StreamReader(
                _path, Encoding.UTF8, true, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
            json = PythonJson.Parse(file.ReadToEnd());
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // It is being written: the next look finds it whole.
            if (isLast)
            {
                _refuse(e.Message);
            }

            return;
        }

        // What is as it was before the run is of an earlier one.
        if (stamp == _last)
        {
            return;
        }

        _last = stamp;
        _seen.Restart();
        var rows = json.ValueKind == JsonValueKind.Object && json.TryGetProperty(History, out var history) ? history : json;
        foreach (var row in rows.ValueKind == JsonValueKind.Array ? rows.EnumerateArray().ToArray() : [rows])
        {
            _reading.Clear();
            if (row.ValueKind == JsonValueKind.Object)
            {
                JsonReader.ReadObject(row, _reading);
            }

            if (!_reading.IsEmpty && _seen.IsNew(_reading))
            {
                _take(_reading);
            }
        }
    }
}
