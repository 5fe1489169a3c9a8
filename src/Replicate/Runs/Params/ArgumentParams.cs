namespace Replicate.Runs;

/// <summary>Reads params from the arguments of a training program.</summary>
public static class ArgumentParams
{
    /// <summary>
    /// The params in arguments: <c>--learning_rate=0.01</c>, <c>--epochs 5</c>, <c>-b 32</c>, <c>learning_rate=0.01</c>, and
    /// <c>--amp</c> alone, which is true. Dashes within a name become underscores; of a name that comes twice, the values
    /// are a list. What follows <c>--</c> is left alone.
    /// </summary>
    /// <param name="arguments">The arguments, without the program.</param>
    public static IReadOnlyDictionary<string, object?> Read(IReadOnlyList<string> arguments)
    {
        var found = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count && arguments[i] != "--"; i++)
        {
            var argument = arguments[i];
            var separator = argument.IndexOf('=', StringComparison.Ordinal);
            var isOption = IsOption(argument);
            var name = Name(separator < 0 ? argument : argument[..separator]);
            if (name.Length == 0 || !(isOption || separator > 0))
            {
                continue;
            }

            var value = separator >= 0 ? ParamText.Parse(argument[(separator + 1)..])
                : i + 1 < arguments.Count && !IsOption(arguments[i + 1]) ? ParamText.Parse(arguments[++i])
                : true;
            found[name] = found.TryGetValue(name, out var before)
                ? before is List<object?> list ? [.. list, value] : new List<object?> { before, value }
                : value;
        }

        return found;
    }

    // A negative number is a value.
    private static bool IsOption(string argument) =>
        argument.Length > 1 && argument[0] == '-' && !NumberScan.IsWhole(argument, out _);

    private static string Name(string text)
    {
        var name = text.TrimStart('-').Replace('-', '_');
        return name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.')
            ? name
            : "";
    }
}
