namespace Replicate.PowerShell.Views;

/// <summary>Recorded values as a shell may write them to a terminal or a log.</summary>
internal static class ShownValue
{
    /// <summary>The types of properties that hold such values.</summary>
    internal static readonly Type[] Kinds =
    [
        typeof(string), typeof(ValueMap), typeof(ValueList), typeof(TagList), typeof(PrimaryMetric), typeof(IReadOnlyList<string>),
        typeof(IReadOnlyList<object>),
    ];

    /// <summary>The value with its texts escaped, but for the ends of lines and tabs; the very value where nothing is to be escaped.</summary>
    internal static object? Of(object? value) => value switch
    {
        string text => Of(text),
        ValueList list => list.Select(Of).ToArray() is var items && items.Zip(list).All(pair => ReferenceEquals(pair.First, pair.Second)) ? list : Value.From("", items),
        ValueMap map => Of(map),
        TagList tags => tags.Any(tag => !ReferenceEquals(Of(tag), tag)) ? TagList.From(tags.Select(Of)) : tags,
        IReadOnlyList<string> texts => texts.Any(text => !ReferenceEquals(Of(text), text)) ? texts.Select(Of).ToArray() : texts,
        object?[] items => items.Select(Of).ToArray() is var shown && shown.Zip(items).All(pair => ReferenceEquals(pair.First, pair.Second)) ? items : shown,
        PrimaryMetric metric => Of(metric.Name) is var name && !ReferenceEquals(name, metric.Name) ? metric with { Name = name } : metric,
        _ => value,
    };

    private static string Of(string text)
    {
        if (ReferenceEquals(Value.Escape(text), text))
        {
            return text;
        }

        var lines = text.Split('\n').Select(line => string.Join('\t', line.TrimEnd('\r').Split('\t').Select(Value.Escape)) + (line.EndsWith('\r') ? "\r" : ""));
        return string.Join('\n', lines) is var shown && shown == text ? text : shown;
    }

    private static ValueMap Of(ValueMap map)
    {
        if (map.All(pair => ReferenceEquals(Of(pair.Value), pair.Value) && ReferenceEquals(Of(pair.Key), pair.Key)))
        {
            return map;
        }

        var shown = new Dictionary<string, object?>();
        foreach (var (name, value) in map)
        {
            shown[Of(name)] = Of(value);
        }

        return Value.MapFrom(shown);
    }
}
