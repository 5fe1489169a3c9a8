using Replicate.Adapters;

namespace Replicate.Runs.Params;

/// <summary>Makes params of a YAML document: its scalars are values, merge keys (<c>&lt;&lt;</c>) are followed.</summary>
/// <remarks>What aliases repeat is counted, so that a few lines cannot grow into gigabytes.</remarks>
internal sealed class YamlParams
{
    // What aliases may add to a document.
    private const long Allowance = 1_000_000;

    private const string MergeKey = "<<";

    private long _left;

    private YamlParams(long left) => _left = left;

    /// <summary>Reads a document.</summary>
    /// <exception cref="YamlFormatException">It is not YAML, nested too deep, or grows too large by its aliases.</exception>
    internal static Dictionary<string, object?> Read(string text) =>
        new YamlParams(2L * text.Length + Allowance).MapOf(AdapterLoader.Adapters.ReadYaml(text), depth: 0);

    private object? ValueOf(YamlNode node, int depth)
    {
        if (depth > Value.MaxDepth)
        {
            throw new YamlFormatException(node.Line, $"Values are nested deeper than {Value.MaxDepth} levels.");
        }

        Count(node, 1);
        return node switch
        {
            YamlMapping mapping => MapOf(mapping, depth),
            YamlList list => list.Items.Select(item => ValueOf(item, depth + 1)).ToList(),
            YamlScalar scalar => ScalarOf(scalar),
            _ => null,
        };
    }

    private Dictionary<string, object?> MapOf(YamlMapping mapping, int depth)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries.Where(entry => !IsMerge(entry.Key)))
        {
            Count(key, key.Text?.Length ?? 0);
            values[key.Text ?? "null"] = ValueOf(value, depth + 1);
        }

        // What is said here wins, then what is merged first.
        foreach (var merged in mapping.Entries.Where(entry => IsMerge(entry.Key)).SelectMany(entry => MappingsOf(entry.Value)))
        {
            if (depth >= Value.MaxDepth)
            {
                throw new YamlFormatException(merged.Line, $"Values are merged deeper than {Value.MaxDepth} levels.");
            }

            Count(merged, 1);
            foreach (var (name, value) in MapOf(merged, depth + 1))
            {
                values.TryAdd(name, value);
            }
        }

        return values;
    }

    private static bool IsMerge(YamlScalar key) => key is { IsQuoted: false, Text: MergeKey };

    private static IEnumerable<YamlMapping> MappingsOf(YamlNode node) => node switch
    {
        YamlMapping mapping => [mapping],
        YamlList list => list.Items.Select(item => item as YamlMapping ?? throw NotMerged(item)),
        _ => throw NotMerged(node),
    };

    private static YamlFormatException NotMerged(YamlNode node) => new(node.Line, "Behind '<<' stands what is no mapping.");

    private object? ScalarOf(YamlScalar scalar)
    {
        Count(scalar, scalar.Text?.Length ?? 0);
        return scalar is { IsQuoted: true } ? scalar.Text : scalar.Text switch
        {
            null or "" or "~" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            ".nan" or ".NaN" or ".NAN" => double.NaN,
            ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
            "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
            var text => ParamText.NumberOf(text) ?? text,
        };
    }

    private void Count(YamlNode node, long size)
    {
        _left -= size;
        if (_left < 0)
        {
            throw new YamlFormatException(node.Line, "What is repeated by aliases is too large for a file of params.");
        }
    }
}
