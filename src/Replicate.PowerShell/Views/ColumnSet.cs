using System.Reflection;

namespace Replicate.PowerShell.Views;

/// <summary>The properties that a shell sees of the objects of a listing, in order, and those that it gets by name only.</summary>
internal sealed class ColumnSet
{
    private readonly Dictionary<string, Column> _byName;

    /// <summary>Takes the columns that are shown; the other properties of the type are found by their names.</summary>
    internal ColumnSet(IEnumerable<Column> shown, IEnumerable<Column> others)
    {
        Shown = [.. shown];
        _byName = Shown.Concat(others).DistinctBy(column => column.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(column => column.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Those that are listed, in order.</summary>
    internal IReadOnlyList<Column> Shown { get; }

    /// <summary>The column of a name in any case; null for none.</summary>
    internal Column? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The public properties of a type, their texts escaped, and those that a shell has beside them.</summary>
    internal static Dictionary<string, Column> PropertiesOf(Type type, params Column[] added) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0)
        .Select(property => new Column(property.Name, Getter(property)))
        .Concat(added).DistinctBy(column => column.Name).ToDictionary(column => column.Name);

    /// <summary>The names of the methods of a type.</summary>
    internal static IEnumerable<string> MethodsOf(Type type) => type.GetMethods().Select(method => method.Name).Distinct();

    private static Func<object, object?> Getter(PropertyInfo property) => property.PropertyType == typeof(DateTime)
        ? owner => ShownValue.Of((DateTime)property.GetValue(owner)!)
        : property.PropertyType == typeof(DateTime?)
            ? owner => property.GetValue(owner) is DateTime moment ? ShownValue.Of(moment) : null
            : owner => ShownValue.Of(property.GetValue(owner));
}
