namespace Replicate.Queries;

/// <summary>An order of experiments: a name as in a filter, with an optional <c>-desc</c> or <c>-asc</c>.</summary>
/// <remarks>
/// Numbers come first (NaN as the last of them), then text, then the rest, then what is missing or null; the direction
/// counts within each. Ties are decided by creation time, oldest first, then by id.
/// </remarks>
public sealed class SortOrder : IComparer<Experiment>
{
    private readonly ExperimentField _field;
    private readonly bool _isDescending;

    private SortOrder(ExperimentField field, bool isDescending) => (_field, _isDescending) = (field, isDescending);

    private enum Rank
    {
        Number,
        NotANumber,
        Text,
        Other,
        Missing,
    }

    /// <summary>What it sorts by.</summary>
    internal ExperimentField Field => _field;

    /// <summary>Reads an order; null or empty is <c>created</c>.</summary>
    /// <exception cref="ReplicateException">It has no name, or a quote isn't closed (<c>InvalidSort</c>).</exception>
    public static SortOrder Parse(string? text)
    {
        try
        {
            return Read(string.IsNullOrWhiteSpace(text) ? "created" : text.Trim());
        }
        catch (FormatException e)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "InvalidSort", $"The order '{text}' cannot be read: {e.Message}.",
                "Write it as <name>, <name>-desc or <name>-asc, for example: loss-desc", e);
        }
    }

    /// <summary>Numbers, then text, then the rest, missing last whichever the direction; ties by creation time.</summary>
    public int Compare(Experiment? x, Experiment? y) =>
        x is null || y is null ? (x is null).CompareTo(y is null) : Compare(KeyOf(x), KeyOf(y));

    /// <summary>Sorts experiments; faster than comparing them one by one, which looks for the best checkpoint each time.</summary>
    public IReadOnlyList<Experiment> Sort(IEnumerable<Experiment> experiments)
    {
        Experiment[] sorted = [.. experiments];
        Array.Sort(Array.ConvertAll(sorted, KeyOf), sorted, Comparer<Key>.Create(Compare));
        return sorted;
    }

    private static SortOrder Read(string text)
    {
        string suffix;
        if (QueryText.TryReadQuotedName(text, out var name, out var end))
        {
            suffix = text[end..].Trim();
        }
        else
        {
            suffix = text.EndsWith("-desc", StringComparison.OrdinalIgnoreCase) ? text[^5..]
                : text.EndsWith("-asc", StringComparison.OrdinalIgnoreCase) ? text[^4..]
                : "";
            name = text[..^suffix.Length].TrimEnd();
        }

        if (name.Length == 0)
        {
            throw new FormatException("the name is missing");
        }

        return suffix.ToLowerInvariant() switch
        {
            "" or "-asc" => new SortOrder(ExperimentField.Named(name), isDescending: false),
            "-desc" => new SortOrder(ExperimentField.Named(name), isDescending: true),
            _ => throw new FormatException($"'{suffix}' after the quoted name is neither -desc nor -asc"),
        };
    }

    private Key KeyOf(Experiment experiment)
    {
        _field.TryGet(experiment, out var value);
        var (rank, comparable) = value switch
        {
            null => (Rank.Missing, null),
            double.NaN => (Rank.NotANumber, null),
            long or ulong or double => (Rank.Number, value),
            string or Timestamp => (Rank.Text, value),
            _ => (Rank.Other, Value.ToText(value)),
        };
        return new Key(rank, comparable, experiment.Metadata.Created, experiment.Id);
    }

    private int Compare(Key x, Key y)
    {
        if (x.Rank != y.Rank)
        {
            return x.Rank.CompareTo(y.Rank);
        }

        var order = (x.Value, y.Value) switch
        {
            (null, _) => 0,
            (Timestamp left, Timestamp right) => left.CompareTo(right),
            (string left, string right) => string.CompareOrdinal(left, right),
            var (left, right) => Value.CompareNumbers(left, right!),
        };
        return order != 0 ? (_isDescending ? -Math.Sign(order) : order)
            : x.Created != y.Created ? x.Created.CompareTo(y.Created)
            : string.CompareOrdinal(x.Id, y.Id);
    }

    private sealed record Key(Rank Rank, object? Value, Timestamp Created, string Id);
}
