using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Replicate.PowerShell.Views;

/// <summary>Recorded values as a shell may write them to a terminal or a log.</summary>
public static class ShownValue
{
    private static readonly MethodInfo WithZoneMethod = typeof(ShownValue).GetMethod(nameof(WithZone))!;

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

    /// <summary>A date that is written out with its zone, as in <c>2026-11-21 08:30:17 +01:00</c>, and is a date still.</summary>
    internal static PSObject Of(DateTime moment)
    {
        var shown = new PSObject(moment);
        shown.Methods.Add(new PSCodeMethod(nameof(ToString), WithZoneMethod));
        return shown;
    }

    /// <summary>How a shell writes out such a date.</summary>
    /// <param name="shown">The date.</param>
    public static string WithZone(PSObject shown) =>
        ((DateTime)shown.BaseObject).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

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
