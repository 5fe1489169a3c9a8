using System.Globalization;

namespace Replicate.Queries;

/// <summary>A way in which the beginning of a condition could go on.</summary>
/// <param name="Text">The condition as far as it then goes.</param>
/// <param name="Label">What was added, for a menu.</param>
/// <param name="Tip">What it is.</param>
internal sealed record FilterSuggestion(string Text, string Label, string Tip);

/// <summary>Completes conditions such as <c>loss &lt; 0.2</c>: the name, the operator, and values that were recorded.</summary>
internal static class FilterCompletion
{
    private const int MaxValues = 100;
    private const int MaxTextLength = 80;

    private static readonly (string Text, string Tip)[] Operators =
    [
        ("=", "equal to"), ("!=", "not equal to"), ("<", "less than"), ("<=", "at most"), (">", "more than"), (">=", "at least"),
    ];

    /// <summary>The ways in which a condition could go on.</summary>
    /// <param name="typed">Its beginning; may be empty.</param>
    /// <param name="experiments">Those whose names and values are offered.</param>
    public static IEnumerable<FilterSuggestion> Of(string typed, IReadOnlyList<Experiment> experiments)
    {
        if (!TryReadName(typed, out var name, out var end))
        {
            return Names(typed.TrimStart(' ', '"', '\''), experiments);
        }

        var field = ExperimentField.Named(name);
        var rest = typed[end..].TrimStart();
        var symbols = string.Concat(rest.TakeWhile(Filter.IsOperator));
        if (symbols.Length == rest.Length)
        {
            return Operators
                .Where(symbol => symbol.Text.StartsWith(symbols, StringComparison.Ordinal) && (symbol.Text is "=" or "!=" || !field.HasNoOrder))
                .Select(symbol => new FilterSuggestion($"{typed[..end].TrimEnd()} {symbol.Text} ", symbol.Text, symbol.Tip))
                .Concat(symbols.Length == 0 ? Names(typed, experiments) : []);
        }

        var value = rest[symbols.Length..].TrimStart();
        var head = typed[..^value.Length];
        return Values(field, experiments)
            .Where(known => StartsWith(known.TrimStart('"'), value.TrimStart('"', '\'')))
            .Select(known => new FilterSuggestion(head + known, known, name));
    }

    // A name without quotes ends at the operator, or with a space where it is a whole name.
    private static bool TryReadName(string typed, out string name, out int end)
    {
        try
        {
            if (QueryText.TryReadQuotedName(typed.TrimStart(), out name, out end))
            {
                end += typed.Length - typed.TrimStart().Length;
                return true;
            }
        }
        catch (FormatException)
        {
            (name, end) = ("", 0);
            return false;
        }

        end = Filter.IndexOfOperator(typed);
        name = typed[..end].Trim();
        return name.Length > 0 && (end < typed.Length || typed.EndsWith(' '));
    }

    private static IEnumerable<FilterSuggestion> Names(string typed, IReadOnlyList<Experiment> experiments) => QueryNames.Of(experiments)
        .Where(name => StartsWith(name.Text, typed))
        .Select(name => new FilterSuggestion($"{Quoted(name.Text)} ", name.Text, name.Kind));

    private static IEnumerable<string> Values(ExperimentField field, IReadOnlyList<Experiment> experiments)
    {
        if (field.IsStatus)
        {
            return Enum.GetNames<ExperimentStatus>().Select(status => status.ToLowerInvariant());
        }

        var values = experiments.Select(experiment => field.TryGet(experiment, out var value) ? value : null).Where(value => value is not null);
        var texts = field.IsTags ? experiments.SelectMany(experiment => experiment.Tags).Select(TextOf)
            : field.IsDate ? values.OfType<Timestamp>().OrderDescending().Select(date => date.Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            : values.Where(value => value is not (ValueMap or ValueList or string { Length: > MaxTextLength }))
                .OrderBy(value => Value.TryGetNumber(value, out var number) ? number : double.NaN)
                .ThenBy(Value.ToText, StringComparer.Ordinal).Select(TextOf);
        return texts.Distinct().Take(MaxValues);
    }

    // A text that would be read as a number, or as anything else but itself, needs quotes.
    private static string TextOf(object? value) => value is not string text ? Value.ToText(value)
        : text.Length > 0 && text.Trim() == text && Operand.ReadValue(text) is string && !QueryText.IsQuote(text[0]) ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Quoted(string name) =>
        name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-') ? name
        : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static bool StartsWith(string text, string typed) => text.StartsWith(typed, StringComparison.OrdinalIgnoreCase);
}
