namespace Replicate.Queries;

/// <summary>The order of recorded numbers: exact, however a number is held.</summary>
internal static class Numbers
{
    internal static bool IsNumber(object? value) => value is long or ulong or double;

    /// <summary>Whether it is a number that has a place among the others: not NaN.</summary>
    internal static bool IsOrdered(object? value) => IsNumber(value) && value is not double.NaN;

    /// <summary>Compares two numbers; NaN comes first.</summary>
    internal static int Compare(object left, object right) => (left, right) switch
    {
        (double l, double r) => l.CompareTo(r),
        (double l, _) => -Compare(ToInteger(right), l),
        (_, double r) => Compare(ToInteger(left), r),
        _ => ToInteger(left).CompareTo(ToInteger(right)),
    };

    private static int Compare(Int128 integer, double number)
    {
        // Rounding keeps the order but may make two numbers equal; a double equal to a rounded integer is whole.
        var rounded = ((double)integer).CompareTo(number);
        return rounded != 0 ? rounded : integer.CompareTo((Int128)number);
    }

    private static Int128 ToInteger(object value) => value is ulong large ? large : (long)value;
}
