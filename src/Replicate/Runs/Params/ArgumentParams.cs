namespace Replicate.Runs.Params;

/// <summary>Reads params from the arguments of a training program.</summary>
internal static class ArgumentParams
{
    private const string Negation = "no_";

    /// <summary>
    /// The params in the arguments of a program, without those that an interpreter or a launcher takes for itself: <c>-u</c> of
    /// <c>python -u train.py --lr 0.1</c> is none.
    /// </summary>
    /// <param name="program">The program, with or without its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>As <see cref="Read(IReadOnlyList{string})"/>.</returns>
    public static IReadOnlyDictionary<string, object?> Read(string program, IReadOnlyList<string> arguments) =>
        Read([.. arguments.Skip(LauncherArguments.CountOf(program, arguments))]);

    /// <summary>
    /// The params in arguments: <c>--learning_rate=0.01</c>, <c>--epochs 5</c>, <c>-b 32</c>, <c>learning_rate=0.01</c>,
    /// Hydra's <c>+model.lr=0.01</c> and <c>~model.decay</c> (null), <c>--amp</c> alone, which is true, and <c>--no-amp</c>, of
    /// which <c>amp</c> is false. Dashes within a name become underscores. Several values of a kind (numbers, words, files of
    /// one extension) are a list, as in <c>--layers 64 64 32</c>; so are those of a name that comes twice. What follows <c>--</c>
    /// is left alone.
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
            if (!isOption)
            {
                if (Overrides.Read(argument) is { } pair)
                {
                    Add(found, pair.Key, pair.Value);
                }

                continue;
            }

            var name = NameOf(separator < 0 ? argument : argument[..separator]);
            if (name.Length == 0)
            {
                continue;
            }

            if (separator >= 0)
            {
                Add(found, name, ParamText.Parse(argument[(separator + 1)..]));
                continue;
            }

            var values = ValuesFrom(arguments, i + 1);
            i += values.Count;
            if (values.Count == 0)
            {
                AddFlag(found, name, argument.StartsWith("--no-", StringComparison.Ordinal) || argument.StartsWith("--no_", StringComparison.Ordinal));
            }
            else
            {
                Add(found, name, values.Count == 1 ? values[0] : values);
            }
        }

        return found;
    }

    private static void AddFlag(Dictionary<string, object?> found, string name, bool isNegated)
    {
        name = isNegated && name.Length > Negation.Length ? name[Negation.Length..] : name;
        found[name] = !(isNegated && name.Length > 0);
    }

    private static void Add(Dictionary<string, object?> found, string name, object? value) =>
        found[name] = !found.TryGetValue(name, out var before) ? value : new List<object?>([.. Items(before), .. Items(value)]);

    private static List<object?> Items(object? value) => value as List<object?> ?? [value];

    /// <summary>The values of an option: the first that follows, and those after it that are of its kind.</summary>
    private static List<object?> ValuesFrom(IReadOnlyList<string> arguments, int start)
    {
        var values = new List<object?>();
        for (var i = start; i < arguments.Count && !IsOption(arguments[i]) && arguments[i] != "--"; i++)
        {
            if (i > start && (Overrides.Read(arguments[i]) is not null || KindOf(arguments[i]) != KindOf(arguments[start])))
            {
                break;
            }

            values.Add(ParamText.Parse(arguments[i]));
        }

        return values;
    }

    private static string KindOf(string argument) => ParamText.Parse(argument) switch
    {
        long or ulong or double => "number",
        string text when text.ContainsAny('/', '\\') => "path" + Path.GetExtension(text),
        string text when Path.GetExtension(text) is { Length: > 1 } extension => "path" + extension,
        string => "word",
        _ => argument,
    };

    // A negative number is a value.
    private static bool IsOption(string argument) =>
        argument.Length > 1 && argument[0] == '-' && !NumberScan.IsWhole(argument, out _);

    private static string NameOf(string option)
    {
        var name = option.TrimStart('-').Replace('-', '_');
        return name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.')
            ? name
            : "";
    }
}
