using System.Globalization;
using System.Text.Json;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Finds the rows of a JSON document, one for each step: a list of objects, as under <c>log_history</c> of
/// <c>trainer_state.json</c>; lists of numbers by name, as a Keras history and the results of XGBoost and LightGBM; the
/// iterations of CatBoost; or else the numbers of the document, which is one row.
/// </summary>
/// <param name="take">Takes the rows in order; the reading is not kept.</param>
internal sealed class JsonRows(TakeReading take)
{
    private const int MaxNames = 8;

    // Where programs keep the rows within a document that holds more.
    private static readonly string[] Lists = ["log_history", "history", "iterations", "epochs", "logs", "log"];

    private readonly MetricReading _reading = new();

    /// <summary>Whether an object holds the steps of a whole training, rather than those of one step.</summary>
    internal static bool IsHistory(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && (ListIn(json) is not null || HasRowsByKey(json) || ColumnsOf(json).Count > 0);

    /// <summary>The names of a document's members, for somebody who finds no metrics in it.</summary>
    internal static string Names(JsonElement json)
    {
        var first = json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().FirstOrDefault() : json;
        if (first.ValueKind != JsonValueKind.Object)
        {
            return "it holds no objects with names and numbers";
        }

        var names = first.EnumerateObject().Select(member => $"'{member.Name}'").Take(MaxNames + 1).ToArray();
        return names.Length == 0 ? "its object is empty"
            : $"it holds {string.Join(", ", names.Take(MaxNames))}{(names.Length > MaxNames ? ", …" : "")}, and no number but a step among them";
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">A row is nested too deep, or too long.</exception>
    internal void Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            ReadList(json, default);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            ReadDocument(json);
        }
    }

    private static JsonElement? ListIn(JsonElement json)
    {
        foreach (var name in Lists)
        {
            if (json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
                && list.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object))
            {
                return list;
            }
        }

        return null;
    }

    private static bool HasRowsByKey(JsonElement json)
    {
        var count = 0;
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Object || KeyOf(member.Name) is null)
            {
                return false;
            }

            count++;
        }

        return count > 0;
    }

    private static long? KeyOf(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var key) && key <= 1L << 53 ? key : null;

    /// <summary>The lists of numbers of a document, where it is a history; none for another document.</summary>
    private static List<(string Name, List<(long Key, JsonElement Value)> Values)> ColumnsOf(JsonElement json)
    {
        var columns = new List<(string Name, List<(long, JsonElement)>)>();
        var hasNumbers = false;
        Find(json.TryGetProperty("history", out var history) && history.ValueKind == JsonValueKind.Object ? history : json, "", 0);

        // Numbers beside the lists make them lists of something else, such as classes.
        return !hasNumbers || columns.Any(column => IsOfSteps(column.Name)) ? columns : [];

        void Find(JsonElement element, string prefix, int depth)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (ColumnOf(member.Value) is { } column)
                {
                    columns.Add((prefix + member.Name, column));
                }
                else if (member.Value.ValueKind == JsonValueKind.Object && depth < JsonReader.MaxDepth)
                {
                    Find(member.Value, prefix + member.Name + ".", depth + 1);
                }
                else
                {
                    hasNumbers |= JsonReader.NumberOf(member.Value) is not null;
                }
            }
        }
    }

    private static bool IsOfSteps(string name) =>
        name.Contains("loss", StringComparison.OrdinalIgnoreCase) || StepNames.RankOf(name.AsSpan(name.LastIndexOf('.') + 1)) is not null;

    /// <summary>The items of a list of numbers, or of an object from 0, 1, … to numbers as pandas writes a column; null for another.</summary>
    private static List<(long Key, JsonElement Value)>? ColumnOf(JsonElement json)
    {
        var column = new List<(long, JsonElement)>();
        var hasNumber = false;
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
            {
                if (!Add(column.Count, item))
                {
                    return null;
                }
            }
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                if (KeyOf(member.Name) is not { } key || !Add(key, member.Value))
                {
                    return null;
                }
            }
        }

        return hasNumber ? column : null;

        bool Add(long key, JsonElement item)
        {
            var isNumber = JsonReader.NumberOf(item) is not null;
            hasNumber |= isNumber;
            column.Add((key, item));
            return isNumber || item.ValueKind == JsonValueKind.Null;
        }
    }

    private void ReadDocument(JsonElement json)
    {
        if (ListIn(json) is { } list)
        {
            ReadList(list, json);
        }
        else if (HasRowsByKey(json))
        {
            foreach (var member in json.EnumerateObject())
            {
                ReadRow(member.Value, KeyOf(member.Name), default);
            }
        }
        else if (ColumnsOf(json) is { Count: > 0 } columns)
        {
            ReadColumns(columns);
        }
        else
        {
            ReadRow(json, null, default);
        }
    }

    private void ReadList(JsonElement list, JsonElement document)
    {
        foreach (var row in list.EnumerateArray())
        {
            if (row.ValueKind == JsonValueKind.Object)
            {
                ReadRow(row, null, document);
            }
        }
    }

    private void ReadRow(JsonElement row, long? step, JsonElement document)
    {
        _reading.Clear();
        AddLists(row, document);
        JsonReader.ReadObject(row, _reading);
        _reading.Step ??= _reading.Metrics.Count > 0 ? step : null;
        Take();
    }

    /// <summary>The values of CatBoost, which are lists in the order that the document's <c>meta</c> names them.</summary>
    private void AddLists(JsonElement row, JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("meta", out var meta) || meta.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var set in row.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array))
        {
            var metrics = meta.TryGetProperty(set.Name == "learn" ? "learn_metrics" : "test_metrics", out var found)
                && found.ValueKind == JsonValueKind.Array ? found.GetArrayLength() : 0;
            var index = 0;
            foreach (var value in set.Value.EnumerateArray().Take(metrics))
            {
                var metric = found[index++];
                if (JsonReader.NumberOf(value) is { } number && metric.ValueKind == JsonValueKind.Object
                    && metric.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
                {
                    _reading.Add($"{set.Name}.{name.GetString()}", number);
                }
            }
        }
    }

    private void ReadColumns(List<(string Name, List<(long Key, JsonElement Value)> Values)> columns)
    {
        if (columns.Count > JsonReader.MaxMetrics)
        {
            throw new JsonException($"A document has more than {JsonReader.MaxMetrics} lists of numbers.");
        }

        var next = new int[columns.Count];
        var queue = new PriorityQueue<int, (long Key, int Column)>();
        for (var i = 0; i < columns.Count; i++)
        {
            queue.Enqueue(i, (columns[i].Values[0].Key, i));
        }

        while (queue.TryPeek(out _, out var row))
        {
            _reading.Clear();
            while (queue.TryPeek(out var column, out var place) && place.Key <= row.Key)
            {
                var (name, values) = columns[queue.Dequeue()];
                if (JsonReader.NumberOf(values[next[column]++].Value) is { } number)
                {
                    _reading.Add(name, number);
                }

                if (next[column] < values.Count)
                {
                    queue.Enqueue(column, (Math.Max(values[next[column]].Key, row.Key + 1), column));
                }
            }

            StepNames.TakeStep(_reading);
            _reading.Step ??= _reading.Metrics.Count > 0 ? row.Key : null;
            Take();
        }
    }

    private void Take()
    {
        if (!_reading.IsEmpty)
        {
            take(_reading);
        }
    }
}
