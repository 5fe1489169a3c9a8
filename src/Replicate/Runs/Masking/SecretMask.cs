using System.Collections;
using System.Text.RegularExpressions;

namespace Replicate.Runs;

/// <summary>
/// Replaces what looks like a secret by <c>***</c>: values behind names such as <c>--api-key</c> or <c>password=</c>,
/// tokens of well-known shapes, passwords in URLs, and the values of environment variables that hold secrets.
/// </summary>
public sealed class SecretMask
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mask = "***";

    /// <summary>The variable that lists further variables whose values are secrets, separated by commas.</summary>
    private const string ListVariable = "REPLICATE_MASK";

    private const int MinLength = 8;
    // The tokens of a tokenizer are hyperparameters.
    private const string SecretWords = "api[-_]?key|access[-_]?key|account[-_]?key|secret[-_]?key|private[-_]?key|secret|(?<!(?:bos|eos|pad|unk|sep|cls|mask|start|end|special)[-_]?)token|password|passwd|pwd|passphrase|credentials?|connection[-_]?string";

    private static readonly string[] VariableWords = ["TOKEN", "SECRET", "PASSWORD", "KEY"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly Regex Named = Create(
        $@"(?<![\p{{L}}\d])(?<name>[-\w.]*?(?:{SecretWords})[""']?(?:\s*[=:]\s*|(?<=--?[-\w.]*)\s+(?!-)))(?<value>""[^""]*""|'[^']*'|[^\s,;&""']+)");

    private static readonly Regex Flag = Create($@"^--?[-\w.]*?(?:{SecretWords})$");

    private static readonly Regex Name = Create($@"(?:^|[-_.\s]|(?<=[a-z])(?=[A-Z])){SecretWordsOnly}$");

    private static readonly Regex Shapes = Create(string.Join('|',
        @"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})",
        @"\bglpat-[\w-]{16,}",
        @"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        @"\bhf_[A-Za-z0-9]{20,}",
        @"\b(?:sk|pk|rk)[-_](?:[a-z]+[-_])*[A-Za-z0-9]{16,}[\w-]*",
        @"\bxox[abprs]-[\w-]{10,}",
        @"\bAIza[\w-]{35}",
        @"\bya29\.[\w-]+",
        @"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",
        @"\bnpm_[A-Za-z0-9]{30,}",
        @"\bpypi-[\w-]{20,}",
        @"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
        @"(?<=\bBearer\s+)[\w.~+/=-]{8,}",
        @"(?<=[?&;]sig=)[\w%+/=-]{8,}",
        @"(?<=://[^\s/:@]*:)[^\s/@]+(?=@)"));

    private readonly string[] _values;

    private SecretMask(IEnumerable<string> values) =>
        _values = [.. values.Where(value => value.Length >= MinLength).Distinct().OrderByDescending(value => value.Length)];

    private static string SecretWordsOnly => $"(?:{SecretWords})";

    /// <summary>The mask of this process, its environment as it is now.</summary>
    public static SecretMask OfProcess() => Of(Environment.GetEnvironmentVariables());

    /// <summary>The mask of an environment.</summary>
    /// <param name="variables">Variables by name.</param>
    public static SecretMask Of(IDictionary variables)
    {
        var listed = (variables[ListVariable] as string ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);
        return new SecretMask(variables.Cast<DictionaryEntry>()
            .Where(entry => entry.Key is string name && (listed.Contains(name, StringComparer.OrdinalIgnoreCase)
                || Array.Exists(VariableWords, word => name.Contains(word, StringComparison.OrdinalIgnoreCase))))
            .Select(entry => entry.Value as string ?? ""));
    }

    /// <summary>The text without secrets.</summary>
    public string Apply(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        foreach (var value in _values)
        {
            text = text.Replace(value, Mask, StringComparison.Ordinal);
        }

        try
        {
            text = Shapes.Replace(text, Mask);
            return Named.Replace(text, match => match.Groups["name"].Value + Mask);
        }
        catch (RegexMatchTimeoutException)
        {
            // Better nothing than a secret.
            return Mask;
        }
    }

    /// <summary>The values without secrets: those under the name of a secret whole, others where they look like one.</summary>
    public ValueMap Apply(ValueMap values)
    {
        var masked = values.Names.Select(name => values[name] is string or long or ulong or ValueList or ValueMap && IsSecretName(name) ? Mask : Apply(values[name])).ToArray();
        return masked.SequenceEqual(values.Values) ? values : new ValueMap([.. values.Names], masked);
    }

    /// <summary>The arguments without secrets, each as it is where it is none.</summary>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> arguments)
    {
        var result = new string[arguments.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = i > 0 && Flag.IsMatch(arguments[i - 1]) && !arguments[i].StartsWith('-') ? Mask : Apply(arguments[i]);
        }

        return result;
    }

    private object? Apply(object? value) => value switch
    {
        string text => Apply(text),
        ValueList list => new ValueList([.. list.Select(Apply)]),
        ValueMap map => Apply(map),
        _ => value,
    };

    private static bool IsSecretName(string name) => Name.IsMatch(name);

    private static Regex Create(string pattern) =>
        new(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Patience);
}
