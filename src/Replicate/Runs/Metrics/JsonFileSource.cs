using System.Text;
using System.Text.Json;
using Replicate.Storage;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Metrics from a JSON file of either kind: lines that are objects, or one document that is rewritten, whose rows
/// <see cref="JsonRows"/> finds.
/// </summary>
internal sealed class JsonFileSource : IFileSource
{
    private const int MaxLength = 1 << 28;
    private const int MaxFirstLine = 1 << 20;

    private readonly string _path;
    private readonly FileTakers _takers;
    private readonly StepRows _rows;
    private readonly LineFileSource _lines;
    private readonly bool _wasThere;
    private FileStamp? _last;
    private bool? _isLines;
    private string? _account;

    /// <param name="path">Absolute; the file need not exist.</param>
    /// <param name="takers">Take what its objects say.</param>
    /// <param name="isNew">Whether all that it holds is of this run; otherwise what it holds now is of an earlier one.</param>
    /// <param name="rows">The rows that other files of the run began with, as the states of a trainer do; null for none.</param>
    internal JsonFileSource(string path, FileTakers takers, bool isNew = false, StepRows? rows = null)
    {
        (_path, _takers) = (path, takers);
        _rows = rows ?? new StepRows(takers.Take);
        _lines = new LineFileSource(path, new JsonReader(isOnly: true), takers, isNew);
        _last = isNew ? null : FileStamp.Of(path);
        _wasThere = HasAppeared = _last is not null;
    }

    /// <inheritdoc/>
    public bool HasAppeared { get; private set; }

    /// <inheritdoc/>
    public string Account => _isLines == true ? _lines.Account
        : _account ?? (_wasThere ? "nothing was written to it since the run began" : "it is empty");

    /// <inheritdoc/>
    public void Poll(bool isLast)
    {
        if (FileStamp.Of(_path) is not { } stamp)
        {
            if (_isLines == true)
            {
                _lines.Poll(isLast);
            }

            return;
        }

        HasAppeared = true;
        if (_isLines is null && stamp == _last && !isLast)
        {
            return;
        }

        if ((_isLines ?? IsLines(isLast)) is not { } isLines)
        {
            return;
        }

        if (isLines)
        {
            _isLines = true;
            _lines.Poll(isLast);
        }
        else if (isLast || stamp != _last)
        {
            ReadDocument(stamp, isLast);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    /// <summary>Lines where the first is an object of its own that is no history; null while that can't be told.</summary>
    private bool? IsLines(bool isLast)
    {
        if (Path.GetExtension(_path) is ".jsonl" or ".ndjson")
        {
            return true;
        }

        using var file = Open();
        var line = ReadLine(file);
        if (line.Length == 0 || (file.EndOfStream && !isLast && !IsObject(line, out _)))
        {
            return null;
        }

        if (!IsObject(line, out var json))
        {
            return _isLines = false;
        }

        // A header of lists may stand above lines.
        return !JsonRows.IsHistory(json) || ReadLine(file) is ['{', ..];
    }

    private static string ReadLine(StreamReader file)
    {
        var line = new StringBuilder();
        for (int next; (next = file.Read()) >= 0 && line.Length < MaxFirstLine;)
        {
            if (next is not ('\n' or '\r'))
            {
                line.Append((char)next);
            }
            else if (!line.ToString().AsSpan().IsWhiteSpace())
            {
                break;
            }
        }

        return line.ToString().Trim('\uFEFF').Trim();
    }

    private StreamReader Open()
    {
        var options = new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete };
        var head = new byte[TextForm.HeadLength];
        using var file = new FileStream(_path, options);
        var form = TextForm.Of(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)), isAll: true)!.Value;
        return new StreamReader(_path, form.Encoding, detectEncodingFromByteOrderMarks: true, options);
    }

    private static bool IsObject(string text, out JsonElement json)
    {
        json = default;
        if (text is not ['{', .., '}'])
        {
            return false;
        }

        try
        {
            json = PythonJson.Parse(text);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadDocument(FileStamp stamp, bool isLast)
    {
        // What is as it was before the run is of an earlier one.
        if (stamp == _last)
        {
            return;
        }

        if (stamp.Length > MaxLength)
        {
            _account = $"it is larger than {MaxLength >> 20} MB, which is too much for one JSON document; lines of JSON have no limit";
            return;
        }

        try
        {
            using var file = Open();
            var json = PythonJson.Parse(file.ReadToEnd());
            _last = stamp;
            _account = JsonRows.Names(json);
            _rows.Restart();
            new JsonRows(_rows.Take).Read(json);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // It is being written: the next look finds it whole.
            if (isLast)
            {
                _takers.Damage($"cannot be read as JSON: {e.Message}");
            }
        }
    }
}
