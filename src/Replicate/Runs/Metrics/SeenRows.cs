namespace Replicate.Runs.Metrics;

/// <summary>
/// Knows the rows of a file again when it is written anew with them, as Lightning does for a new column, so that each is
/// taken once.
/// </summary>
internal sealed class SeenRows
{
    private readonly List<int> _rows = [];
    private int _next = int.MaxValue;

    /// <summary>What comes next may be the rows from the start.</summary>
    internal void Restart() => _next = 0;

    /// <summary>Whether the row is new; it is known from now on.</summary>
    internal bool IsNew(MetricReading row)
    {
        var hash = HashOf(row);
        if (_next < _rows.Count && _rows[_next] == hash)
        {
            _next++;
            return false;
        }

        if (_next == 0)
        {
            // Another file: what the one before it held will not come again.
            _rows.Clear();
        }

        _next = int.MaxValue;
        _rows.Add(hash);
        return true;
    }

    private static int HashOf(MetricReading row)
    {
        var hash = row.Step.GetHashCode();
        foreach (var (name, value) in row.Metrics)
        {
            // In any order: a new column may stand anywhere.
            hash += HashCode.Combine(name, value);
        }

        return hash;
    }
}
