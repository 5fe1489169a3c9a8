namespace Replicate.Recording.Secrets;

/// <summary>How far a value reaches, and whether it is a secret or data.</summary>
internal static class SecretValue
{
    // Whoever has so many digits behind the name of a password has no hyperparameter there.
    private const int MinDigits = 6;

    private const int LongToken = 20;

    // What is longer is no number, path or call; that nothing longer is looked at twice keeps the time linear.
    internal const int MaxData = 1024;

    private const int MaxGroup = 1024;
    private const int MaxBlockScalar = 4096;
    private const int MaxPlaceholder = 64;

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "none", "nil", "true", "false", "yes", "no", "on", "off", "undefined", "required", "optional", "default", "auto", "unset", "empty", "missing", "str", "string", "int",
        "nan", "inf", "-inf", "infinity", "basic", "oauth", "bearer", SecretMask.Mask,
    };

    /// <summary>The value that begins at a place: what is in quotes, a block scalar of YAML, a list or an object, or a word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="isLongest">Whether blanks belong to it, as in a connection string, up to a semicolon.</param>
    /// <returns>What is secret of it, without quotes; null where nothing is there.</returns>
    internal static (int Start, int End, bool IsQuoted)? At(string text, int start, bool isLongest)
    {
        if (start >= text.Length)
        {
            return null;
        }

        // Prefixes of strings in Python, C# and PowerShell.
        if (text[start] is 'b' or 'r' or 'f' or 'u' or '$' or '@' && start + 1 < text.Length && text[start + 1] is '"' or '\'')
        {
            start++;
        }

        switch (text[start])
        {
            case '"' or '\'' or '`':
                return (start + 1, QuoteEnd(text, start), true);
            case '\\' when start + 1 < text.Length && text[start + 1] is '"' or '\'':
                var close = text.IndexOf($"\\{text[start + 1]}", start + 2, StringComparison.Ordinal);
                return (start + 2, close < 0 ? LineEnd(text, start) : close, true);
            case '[' or '{' or '(' when GroupEnd(text, start) is > 0 and var groupEnd:
                return (start, groupEnd, true);
            case '|' or '>' when BlockScalarEnd(text, start) is > 0 and var blockEnd:
                return (text.IndexOf('\n', start) + 1, blockEnd, true);
            default:
                return (start, isLongest ? FieldEnd(text, start) : End(text, start, isUrl: false), false);
        }
    }

    /// <summary>Whether a value is a secret: no number, no word that stands for none, no placeholder.</summary>
    /// <param name="value">Without quotes.</param>
    /// <param name="kind">What its name says.</param>
    /// <param name="name">The name.</param>
    internal static bool IsSecret(ReadOnlySpan<char> value, NameKind kind, ReadOnlySpan<char> name)
    {
        if (value.Length > MaxData)
        {
            return true;
        }

        value = value.Trim();
        if (value.IsEmpty || IsPlaceholder(value) || (value.Length < LongToken && Words.Contains(value.ToString())) || value.StartsWith(SecretMask.Mask))
        {
            return false;
        }

        if (NumberScan.IsWhole(value, out _))
        {
            return kind == NameKind.Secret && value.Length >= MinDigits && !value.ContainsAnyExceptInRange('0', '9') && !name.EndsWith("token", StringComparison.OrdinalIgnoreCase);
        }

        // A list without texts is one of numbers or of names.
        if (kind == NameKind.Likely && value is ['[' or '{' or '(', ..] && !value.ContainsAny('"', '\''))
        {
            return false;
        }

        return !IsPath(value, isCertain: kind == NameKind.Secret && !name.EndsWith("pwd", StringComparison.OrdinalIgnoreCase)) && !IsCall(value);
    }

    /// <summary>Whether a text is made by a machine rather than a word of a language.</summary>
    internal static bool LooksRandom(ReadOnlySpan<char> value) =>
        value.Length >= 8 && value.ContainsAnyInRange('0', '9') && value.IndexOfAnyInRange('A', 'z') >= 0
        || (value.Length >= LongToken && value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('A', 'Z'));

    /// <summary>Where a word that is not in quotes ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="isUrl">Whether it is a part of a URL.</param>
    internal static int End(string text, int start, bool isUrl)
    {
        for (var at = start; at < text.Length; at++)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c) || c is '"' or '\'' or '`' or '&' or ';' || (isUrl && c == '#')
                || (c is '\\' && at + 1 < text.Length && text[at + 1] is 'n' or 'r' or 't' or '"' or '\'')
                || (c is '<' && at + 1 < text.Length && text[at + 1] == '/')
                || (c is ',' or ')' or ']' or '}' or '|' && IsOver(text, at + 1)))
            {
                return at;
            }
        }

        return text.Length;
    }

    /// <summary>Whether what follows a comma or a bracket is no part of the value: nothing, more of the kind, or another name.</summary>
    private static bool IsOver(string text, int at)
    {
        if (at >= text.Length || char.IsWhiteSpace(text[at]) || text[at] is ',' or ')' or ']' or '}' or ';' or '"' or '\'' or '|')
        {
            return true;
        }

        var end = at;
        while (end < text.Length && end - at < 64 && SecretScanner.IsNamePart(text[end]))
        {
            end++;
        }

        return end > at && end < text.Length && text[end] is '=' or ':';
    }

    private static int QuoteEnd(string text, int start)
    {
        var quote = text[start];
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] is '\n' or '\r')
            {
                return LaterQuoteEnd(text, at, quote);
            }

            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is not ('\n' or '\r'))
            {
                at++;
            }
            else if (text[at] == quote)
            {
                // A quote within: doubled, or as a shell writes it, '\''.
                if (at + 1 < text.Length && text[at + 1] == quote && at > start + 1)
                {
                    at++;
                }
                else if (at + 3 < text.Length && text[at + 1] == '\\' && text[at + 2] == quote && text[at + 3] == quote)
                {
                    at += 3;
                }
                else
                {
                    return at;
                }
            }
        }

        return text.Length;
    }

    /// <summary>The end of a text of several lines in quotes; the end of the first line where no quote ends it soon.</summary>
    private static int LaterQuoteEnd(string text, int line, char quote)
    {
        var end = text.IndexOf(quote, line, Math.Min(MaxGroup, text.Length - line));
        return end > 0 && (end + 1 == text.Length || char.IsWhiteSpace(text[end + 1]) || text[end + 1] is ',' or ';' or ')' or ']' or '}') ? end : line;
    }

    /// <summary>The end of a list or an object that ends on its line or is deeper inside; 0 for none.</summary>
    private static int GroupEnd(string text, int start)
    {
        var depth = 0;
        for (var at = start; at < text.Length && at - start < MaxGroup; at++)
        {
            switch (text[at])
            {
                case '[' or '{' or '(':
                    depth++;
                    break;
                case ']' or '}' or ')' when --depth == 0:
                    return at + 1;
            }
        }

        return 0;
    }

    /// <summary>The end of the lines that are indented below a YAML key; 0 where there are none.</summary>
    private static int BlockScalarEnd(string text, int start)
    {
        var line = text.IndexOf('\n', start, Math.Min(4, text.Length - start));
        if (line < 0)
        {
            return 0;
        }

        var end = 0;
        while (line >= 0 && line - start < MaxBlockScalar && line + 1 < text.Length && text[line + 1] is ' ' or '\t')
        {
            line = text.IndexOf('\n', line + 1);
            end = line < 0 ? text.Length : line;
        }

        return end;
    }

    private static int FieldEnd(string text, int start)
    {
        var end = text.AsSpan(start).IndexOfAny(";\"'\n\r");
        return end < 0 ? text.Length : start + end;
    }

    private static int LineEnd(string text, int start)
    {
        var end = text.AsSpan(start).IndexOfAny('\n', '\r');
        return end < 0 ? text.Length : start + end;
    }

    private static bool IsPlaceholder(ReadOnlySpan<char> value) => value.Length <= MaxPlaceholder && (value is ['<', .., '>'] or ['$', '{', '{', .., '}', '}'] || (value is ['[', .., ']'] && !value.ContainsAny('"', '\'')));

    private static bool IsPath(ReadOnlySpan<char> value, bool isCertain) =>
        !isCertain && (value is ['/' or '~', ..] or ['.', '/' or '\\' or '.', ..] or [_, ':', '\\' or '/', ..]
            || value.EndsWith(".json") || value.EndsWith(".pem") || value.EndsWith(".yaml") || value.EndsWith(".txt") || value.EndsWith(".key"));

    // What a program is told to call or look up is no secret: os.environ["X"], get_token().
    private static bool IsCall(ReadOnlySpan<char> value)
    {
        var end = value.IndexOfAny('(', '[');
        if (end <= 0 || !char.IsLetter(value[0]))
        {
            return false;
        }

        foreach (var c in value[..end])
        {
            if (!(char.IsAsciiLetter(c) || c is '_' or '.'))
            {
                return false;
            }
        }

        return value[end..] is ['(' or '['] or ['(', .., ')'] or ['[', .., ']'] or ['(' or '[', '"' or '\'', ..];
    }
}
