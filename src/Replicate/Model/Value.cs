namespace Replicate;

/// <summary>
/// What can be recorded as a param or a metric, and how it compares and prints. The canonical kinds are those that
/// <see cref="ValueMap"/> names.
/// </summary>
public static class Value
{
    /// <summary>Brings anything that can be recorded to its canonical kind.</summary>
    /// <param name="name">The param's or metric's name, for the error.</param>
    /// <param name="value">The value as a caller has it.</param>
    /// <exception cref="ReplicateException">The type cannot be recorded (<c>UnsupportedValue</c>).</exception>
    public static object? From(string name, object? value) => throw new NotImplementedException();

    /// <summary>Brings a dictionary of anything that can be recorded to a map.</summary>
    /// <param name="values">The values by name, or null for none.</param>
    /// <exception cref="ReplicateException">A type cannot be recorded (<c>UnsupportedValue</c>).</exception>
    public static ValueMap MapFrom(System.Collections.IDictionary? values) => throw new NotImplementedException();

    /// <summary>Whether two canonical values are equal: numbers as numbers, NaN equal to NaN, other kinds never.</summary>
    public static bool AreEqual(object? left, object? right) => throw new NotImplementedException();

    /// <summary>The shortest text that reads back as the same value; strings as they are, lists and maps as JSON.</summary>
    public static string ToText(object? value) => throw new NotImplementedException();

    /// <summary>A text for narrow columns: floats to five significant digits, long text cut, control characters escaped.</summary>
    /// <param name="value">A canonical value.</param>
    /// <param name="maxLength">The most characters to return.</param>
    public static string ToShortText(object? value, int maxLength = 20) => throw new NotImplementedException();
}
