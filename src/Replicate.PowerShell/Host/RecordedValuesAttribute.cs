using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>
/// Takes params or metrics from whatever a shell has: a hashtable, an ordered dictionary, a custom object or
/// <c>$PSBoundParameters</c>, with the shell's wrappers removed at every level.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RecordedValuesAttribute : ArgumentTransformationAttribute
{
    private const int MaxDepth = 64;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Unwrap(inputData, 0) switch
    {
        null => null,
        IDictionary values => values,
        var other => throw new ArgumentTransformationMetadataException(
            $"A value of type {other.GetType()} holds no names. Give a hashtable such as @{{ loss = 0.1 }}, or an object with properties."),
    };

    private static object? Unwrap(object? value, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentTransformationMetadataException(
                $"The values are nested more than {MaxDepth} levels deep, or contain themselves.");
        }

        var bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        return bare switch
        {
            PSObject custom => Map(custom.Properties.Select(property => new DictionaryEntry(property.Name, property.Value)), depth),
            IDictionary map => Map(Named(map), depth),
            IList list and not byte[] => list.Cast<object?>().Select(item => Unwrap(item, depth + 1)).ToArray(),
            SwitchParameter given => given.IsPresent,
            _ => bare,
        };
    }

    private static OrderedDictionary Map(IEnumerable<DictionaryEntry> entries, int depth)
    {
        var map = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            map.Add(entry.Key, Unwrap(entry.Value, depth + 1));
        }

        return map;
    }

    /// <summary>The entries; of bound parameters only the script's own, not <c>-Verbose</c> and its like.</summary>
    private static IEnumerable<DictionaryEntry> Named(IDictionary map) =>
        map.GetType().Name == "PSBoundParametersDictionary"
            ? Entries(map).Where(entry => !IsCommon((string)entry.Key))
            : Entries(map);

    private static IEnumerable<DictionaryEntry> Entries(IDictionary map)
    {
        // Not a cast of the items: a generic dictionary enumerates its own pairs there.
        for (var entries = map.GetEnumerator(); entries.MoveNext();)
        {
            yield return entries.Entry;
        }
    }

    private static bool IsCommon(string name) =>
        Cmdlet.CommonParameters.Contains(name) || Cmdlet.OptionalCommonParameters.Contains(name);
}
