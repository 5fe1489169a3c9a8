namespace Replicate.Runs.Params;

/// <summary>
/// Overrides of a configuration as Hydra takes them: <c>model.lr=0.1</c>, <c>+model.decay=0.01</c>, <c>++model.lr=0.1</c>,
/// <c>~model.decay</c>, <c>db@backup=mysql</c>, <c>layers=[64,32]</c>, <c>optimizer={name:adam,lr:0.1}</c>.
/// </summary>
internal static class Overrides
{
    private const int MaxDepth = 16;

    /// <summary>Reads one; what is removed is null. Null for what is no override.</summary>
    internal static KeyValuePair<string, object?>? Read(string argument)
    {
        var isRemoval = argument.StartsWith('~');
        var text = argument.AsSpan(isRemoval ? 1 : 0);
        var separator = text.IndexOf('=');
        var name = (separator < 0 ? text : text[..separator]).ToString();
        name = isRemoval ? name : name.StartsWith("++", StringComparison.Ordinal) ? name[2..] : name.StartsWith('+') ? name[1..] : name;
        if ((separator < 0 && !isRemoval) || !IsName(name, argument))
        {
            return null;
        }

        return new(name.Replace('-', '_'), isRemoval ? null : ValueOf(text[(separator + 1)..].ToString()));
    }

    private static object? ValueOf(string text)
    {
        if (ParamText.Parse(text) is not string || text is not (['[', .., ']'] or ['{', .., '}']))
        {
            return ParamText.Parse(text);
        }

        var at = 0;
        return TryRead(text, ref at, depth: 0, out var value) && at == text.Length ? value : text;
    }

    // A slash is part of a group's name; in the path of a file it is not.
    private static bool IsName(string name, string argument) =>
        name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' or '@' or '/')
        && (!name.Contains('/', StringComparison.Ordinal) || argument.LastIndexOf('/') < argument.IndexOf('=', StringComparison.Ordinal));

    private static bool TryRead(string text, ref int at, int depth, out object? value)
    {
        value = null;
        if (at >= text.Length || depth > MaxDepth)
        {
            return false;
        }

        switch (text[at])
        {
            case '[':
                var items = new List<object?>();
                value = items;
                return TryReadItems(text, ref at, ']', depth, item => items.Add(item), withNames: null);
            case '{':
                var entries = new Dictionary<string, object?>(StringComparer.Ordinal);
                value = entries;
                return TryReadItems(text, ref at, '}', depth, add: null, (name, item) => entries[name] = item);
            case '\'' or '"':
                var end = text.IndexOf(text[at], at + 1);
                value = end < 0 ? null : text[(at + 1)..end];
                at = end + 1;
                return end >= 0;
            default:
                var rest = text.AsSpan(at).IndexOfAny(",]}:");
                var scalar = rest < 0 ? "" : text.Substring(at, rest).Trim();
                at += Math.Max(rest, 0);
                value = ParamText.Parse(scalar);
                return scalar.Length > 0;
        }
    }

    private static bool TryReadItems(string text, ref int at, char end, int depth, Action<object?>? add, Action<string, object?>? withNames)
    {
        at++;
        for (Skip(text, ref at); at < text.Length && text[at] != end; Skip(text, ref at))
        {
            if (!TryRead(text, ref at, depth + 1, out var item))
            {
                return false;
            }

            Skip(text, ref at);
            if (withNames is not null)
            {
                if (at >= text.Length || text[at++] != ':')
                {
                    return false;
                }

                var name = Value.ToText(item is null or bool or long or ulong or double or string ? item : "");
                Skip(text, ref at);
                if (!TryRead(text, ref at, depth + 1, out item))
                {
                    return false;
                }

                withNames(name, item);
                Skip(text, ref at);
            }
            else
            {
                add!(item);
            }

            if (at < text.Length && text[at] == ',')
            {
                at++;
            }
            else if (at >= text.Length || text[at] != end)
            {
                return false;
            }
        }

        return at++ < text.Length;
    }

    private static void Skip(string text, ref int at)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }
}
