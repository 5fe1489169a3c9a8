using System.Management.Automation;

namespace Replicate.PowerShell.Views;

/// <summary>A metric or param shown as a property of the object that recorded it.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Source">Where an object has the value.</param>
/// <param name="Key">The value's own name there.</param>
internal sealed record Column(string Name, ColumnSource Source, string Key)
{
    /// <summary>The value an object has; null where it has none, or NaN.</summary>
    internal object? ValueOf(object owner) => Source.ValuesOf(owner)[Key] is var value and not double.NaN ? ShownValue.Of(value) : null;

    /// <summary>
    /// Names the columns of some sources: each by its own name, or with the source's prefix where that name is taken by
    /// another member of the object, by a column before it, or by one that differs in case only.
    /// </summary>
    /// <param name="example">An object as it is without the columns.</param>
    /// <param name="sources">The sources with the keys that any object of a listing has, in order of precedence.</param>
    internal static IReadOnlyList<Column> Assign(PSObject example, params (ColumnSource Source, IEnumerable<string> Keys)[] sources)
    {
        var columns = new List<Column>();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "", "PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames" };
        foreach (var (source, keys) in sources)
        {
            foreach (var key in keys)
            {
                var name = Value.Escape(key);
                while (string.IsNullOrWhiteSpace(name) || example.Members[name] is { } member and not RecordedProperty || !taken.Add(name))
                {
                    name = source.Prefix + name;
                }

                columns.Add(new Column(name, source, key));
            }
        }

        return columns;
    }
}

/// <summary>Where objects have recorded values.</summary>
/// <param name="Prefix">What tells this source's names from others'.</param>
/// <param name="ValuesOf">Gets the values of an object as they are now.</param>
internal sealed record ColumnSource(string Prefix, Func<object, ValueMap> ValuesOf);

/// <summary>A property that shows a recorded value, and goes on to show it when the object is read again.</summary>
internal sealed class RecordedProperty(Column column, object owner) : PSNoteProperty(column.Name, null)
{
    /// <inheritdoc/>
    public override bool IsSettable => false;

    /// <inheritdoc/>
    public override object? Value
    {
        get => column.ValueOf(owner);
        set => throw new SetValueException($"'{Name}' is recorded and cannot be changed.");
    }

    /// <inheritdoc/>
    public override string TypeNameOfValue => Value?.GetType().FullName ?? "System.Object";

    /// <inheritdoc/>
    public override PSMemberInfo Copy() => new RecordedProperty(column, owner);
}
