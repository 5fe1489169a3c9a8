namespace Replicate.PowerShell.Views;

/// <summary>A property that a shell sees of an object: a fixed one, or a recorded metric or param under its own name.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="ValueOf">Gets the value that an object has now; null where it has none, or NaN.</param>
internal sealed record Column(string Name, Func<object, object?> ValueOf)
{
    private static readonly string[] Reserved = ["PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames"];

    /// <summary>
    /// Names the columns of some sources: each by its own name, or with the source's prefix where that name is taken by
    /// another member of the object, by a column before it, or by one that differs in case only.
    /// </summary>
    /// <param name="members">The names of the other members.</param>
    /// <param name="sources">The sources with the keys that any object of a listing has, in order of precedence.</param>
    internal static IReadOnlyList<Column>[] Assign(IEnumerable<string> members, params (ColumnSource Source, IEnumerable<string> Keys)[] sources)
    {
        var taken = new HashSet<string>([.. members, "", .. Reserved], StringComparer.OrdinalIgnoreCase);
        return Array.ConvertAll(sources, source => (IReadOnlyList<Column>)[.. source.Keys.Select(key => Named(key, source.Source))]);

        Column Named(string key, ColumnSource source)
        {
            var name = Value.Escape(key);
            while (string.IsNullOrWhiteSpace(name) || !taken.Add(name))
            {
                name = source.Prefix + name;
            }

            return new(name, owner => source.ValuesOf(owner)[key] is var value and not double.NaN ? ShownValue.Of(value) : null);
        }
    }
}

/// <summary>Where objects have recorded values.</summary>
/// <param name="Prefix">What tells this source's names from others'.</param>
/// <param name="ValuesOf">Gets the values of an object as they are now.</param>
internal sealed record ColumnSource(string Prefix, Func<object, ValueMap> ValuesOf);
