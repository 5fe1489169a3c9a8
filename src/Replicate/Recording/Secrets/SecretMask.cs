using System.Buffers;
using System.Collections;
using System.Text;

namespace Replicate.Recording.Secrets;

/// <summary>
/// Replaces what is a secret by <c>***</c>: the values of names such as <c>--api-key</c> or <c>password=</c>, tokens of
/// known issuers, passwords in URLs, and the values of environment variables that hold secrets. Numbers and hyperparameters
/// such as <c>max_new_token</c> stay. It takes time in proportion to the text.
/// </summary>
internal sealed class SecretMask
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mask = "***";

    private readonly IReadOnlyList<(string Value, string Name)> _values;
    private readonly SearchValues<string>? _search;
    private readonly byte[][] _bytes;

    private SecretMask(IReadOnlyList<(string Value, string Name)> values)
    {
        _values = values;
        _bytes = [.. values.Select(value => Encoding.UTF8.GetBytes(value.Value))];
        _search = values.Count == 0 ? null : SearchValues.Create([.. values.Select(value => value.Value)], StringComparison.Ordinal);
    }

    /// <summary>The mask of this process, its environment as it is now.</summary>
    public static SecretMask OfProcess() => Of(Environment.GetEnvironmentVariables());

    /// <summary>The mask of an environment.</summary>
    /// <param name="variables">Variables by name. <c>REPLICATE_MASK</c> lists more of them whose values are secrets.</param>
    public static SecretMask Of(IDictionary variables) => new(EnvironmentSecrets.Of(variables));

    /// <summary>Whether the value of a variable that holds a secret is in a text.</summary>
    /// <param name="text">The text as UTF-8.</param>
    public bool HasValueIn(ReadOnlySpan<byte> text)
    {
        foreach (var value in _bytes)
        {
            if (text.IndexOf(value) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text without secrets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="found">Gets what was masked: a name, an option, an issuer, never a value; null for nobody.</param>
    public string Apply(string text, ICollection<string>? found = null) =>
        text.Length == 0 ? text : SecretScanner.Mask(WithoutValues(text, found), found);

    /// <summary>The values without secrets: those under the name of a secret whole, others where they look like one.</summary>
    /// <param name="values">The values; names are looked at, too.</param>
    /// <param name="found">Gets what was masked: a name, an option, an issuer, never a value; null for nobody.</param>
    public ValueMap Apply(ValueMap values, ICollection<string>? found = null)
    {
        if (!values.Names.Any(IsLong) && values.Values.All(value => value is null or bool or double))
        {
            return values;
        }

        var masked = values.Select(pair => Member(pair.Key, pair.Value, found)).ToArray();
        var names = values.Names.Select(name => IsLong(name) ? Apply(name, found) : name).ToArray();
        return !names.SequenceEqual(values.Names) ? Renamed(names, masked)
            : masked.SequenceEqual(values.Values) ? values
            : new ValueMap([.. values.Names], masked);
    }

    /// <summary>The arguments without secrets, each as it is where it is none.</summary>
    /// <param name="arguments">The arguments of a program.</param>
    /// <param name="found">Gets what was masked: a name, an option, an issuer, never a value; null for nobody.</param>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> arguments, ICollection<string>? found = null)
    {
        var result = new string[arguments.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = i > 0 && arguments[i - 1] is ['-', ..] option && !option.Contains('=', StringComparison.Ordinal) && !arguments[i].StartsWith('-')
                && IsSecret(option, arguments[i])
                    ? Hidden(option, found)
                    : Apply(arguments[i], found);
        }

        return result;
    }

    private object? Member(string name, object? value, ICollection<string>? found) => value switch
    {
        string text when IsSecret(name, text) => Hidden(name, found),
        long or ulong when IsSecret(name, Value.ToText(value)) => Hidden(name, found),
        ValueList or ValueMap when SecretNames.KindOf(name) != NameKind.Plain => Leaves(name, value, found),
        _ => Masked(value, found),
    };

    private object? Masked(object? value, ICollection<string>? found) => value switch
    {
        string text => Apply(text, found),
        ValueList list => new ValueList([.. Arguments(list, found)]),
        ValueMap map => Apply(map, found),
        _ => value,
    };

    /// <summary>The items of a list, in which a secret may stand behind its option as in arguments.</summary>
    private IEnumerable<object?> Arguments(ValueList list, ICollection<string>? found)
    {
        object? before = null;
        foreach (var item in list)
        {
            yield return before is string option and ['-', ..] && item is string text && !text.StartsWith('-') && IsSecret(option, text)
                ? Hidden(option, found)
                : Masked(item, found);
            before = item;
        }
    }

    /// <summary>What is nested under the name of a secret: each text is one, numbers are none.</summary>
    private object? Leaves(string name, object? value, ICollection<string>? found) => value switch
    {
        string text => IsSecret(name, text) ? Hidden(name, found) : Apply(text, found),
        ValueList list => new ValueList([.. list.Select(item => Leaves(name, item, found))]),
        ValueMap map => new ValueMap([.. map.Names], [.. map.Values.Select(item => Leaves(name, item, found))]),
        _ => value,
    };

    private static bool IsSecret(string name, string value) =>
        SecretNames.KindOf(name) is not NameKind.Plain and var kind && SecretValue.IsSecret(value, kind == NameKind.Header ? NameKind.Secret : kind, name);

    private static string Hidden(string name, ICollection<string>? found)
    {
        found?.Add(name);
        return Mask;
    }

    // No name of a metric is so long, and no secret so short.
    private static bool IsLong(string name) => name.Length >= 12;

    private static ValueMap Renamed(string[] names, object?[] values)
    {
        var sorted = new SortedDictionary<string, object?>(Utf8Order.Instance);
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            while (!sorted.TryAdd(name, values[i]))
            {
                name += Mask;
            }
        }

        return new ValueMap([.. sorted.Keys], [.. sorted.Values]);
    }

    private string WithoutValues(string text, ICollection<string>? found)
    {
        if (_search is null)
        {
            return text;
        }

        StringBuilder? result = null;
        var copied = 0;
        for (var at = text.AsSpan().IndexOfAny(_search); at >= 0;)
        {
            var (value, name) = _values.First(secret => text.AsSpan(at).StartsWith(secret.Value));
            found?.Add(name);
            (result ??= new StringBuilder(text.Length)).Append(text, copied, at - copied).Append(Mask);
            copied = at + value.Length;
            at = text.AsSpan(copied).IndexOfAny(_search) is >= 0 and var next ? copied + next : -1;
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }
}
