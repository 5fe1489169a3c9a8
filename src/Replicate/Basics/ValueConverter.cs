using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Replicate;

/// <summary>Brings what a caller records to the canonical kinds that <see cref="ValueMap"/> names.</summary>
internal static class ValueConverter
{
    /// <summary>The words of the format for numbers that JSON cannot hold; null for any other text.</summary>
    internal static double? NumberOf(string text) => text switch
    {
        "[NaN]" => double.NaN,
        "[+Infinity]" => double.PositiveInfinity,
        "[-Infinity]" => double.NegativeInfinity,
        _ => null,
    };

    internal static ValueMap ConvertNamed(IDictionary values) => ConvertMap("", Entries(values), depth: 0);

    internal static object? Convert(string path, object? value, int depth) => value switch
    {
        null or bool or long or double => value,
        string text => NumberOf(text) ?? (object)text,
        sbyte or byte or short or ushort or int or uint => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number => number <= long.MaxValue ? (object)(long)number : number,
        float number => Parse(number.ToString("R", CultureInfo.InvariantCulture)),
        decimal number => ConvertDecimal(number),
        char or Enum or Guid or Version => value.ToString(),
        DateTime date => date.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString("O", CultureInfo.InvariantCulture),
        Uri uri => uri.OriginalString,
        IDictionary or IEnumerable and not Array { Rank: > 1 } when depth >= Value.MaxDepth => throw TooDeep(path),
        IDictionary map => ConvertMap(path, Entries(map), depth),
        IEnumerable items when IsDictionary(items) => ConvertMap(path, Entries(items), depth),
        IEnumerable items and not Array { Rank: > 1 } => ConvertList(path, items, depth),
        _ => throw Unsupported(path, value),
    };

    private static object ConvertDecimal(decimal number) =>
        decimal.Truncate(number) != number ? Parse(number.ToString(CultureInfo.InvariantCulture))
        : number is >= long.MinValue and <= long.MaxValue ? (long)number
        : number is > 0 and <= ulong.MaxValue ? (ulong)number
        : (object)(double)number;

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static ValueList ConvertList(string path, IEnumerable items, int depth) =>
        new(items.Cast<object?>().Select((item, index) => Convert($"{path}[{index}]", item, depth + 1)).ToArray());

    private static ValueMap ConvertMap(string path, IEnumerable<(object Key, object? Value)> entries, int depth)
    {
        var values = new SortedDictionary<string, object?>(Utf8Order.Instance);
        foreach (var (key, value) in entries)
        {
            var name = NameOf(path, key);
            var valuePath = path.Length == 0 ? name : $"{path}.{name}";
            if (!values.TryAdd(name, Convert(valuePath, value, depth + 1)))
            {
                throw new ReplicateException(
                    ErrorKind.InvalidArgument, "DuplicateName", $"The name '{valuePath}' is there twice.",
                    "Give each value a name of its own.");
            }
        }

        return new ValueMap([.. values.Keys], [.. values.Values]);
    }

    private static string NameOf(string path, object key) =>
        key as string ?? (key is not IEnumerable ? Value.ToText(Convert($"{path}.{key}", key, depth: 0)) : throw Unsupported(path, key));

    private static IEnumerable<(object Key, object? Value)> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            yield return (entry.Key, entry.Value);
        }
    }

    private const string OnlyCallers = "A native program that hands over such a dictionary keeps its type; the command has none.";

    // A dictionary that is only generic hands out pairs of a type that is not known here.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = OnlyCallers)]
    private static IEnumerable<(object Key, object? Value)> Entries(IEnumerable map)
    {
        foreach (var pair in map)
        {
            var type = pair.GetType();
            yield return (type.GetProperty("Key")!.GetValue(pair)!, type.GetProperty("Value")!.GetValue(pair));
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = OnlyCallers)]
    private static bool IsDictionary(IEnumerable items) => items.GetType().GetInterfaces().Any(type =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            || type.GetGenericTypeDefinition() == typeof(IDictionary<,>)));

    private static ReplicateException Unsupported(string path, object value) => new(
        ErrorKind.InvalidArgument, ErrorIds.UnsupportedValue,
        $"The value of '{path}' is of the type {value.GetType()}, which cannot be recorded.",
        "Leave it out, or convert it to a number, a text, a list or a dictionary of such.");

    private static ReplicateException TooDeep(string path) => new(
        ErrorKind.InvalidArgument, ErrorIds.UnsupportedValue,
        $"The value of '{Value.ToShortText(path, 60)}' is nested more than {Value.MaxDepth} deep.",
        "Record a flatter value; one that contains itself cannot be recorded.");
}
