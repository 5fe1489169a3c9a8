namespace Replicate.Recording.Secrets;

/// <summary>
/// Finds the value of a name that is a secret's: behind an option, <c>=</c> or <c>:</c>, in JSON, dictionaries, YAML, ini
/// files, connection strings, headers, XML and lists of arguments.
/// </summary>
internal static class NamedValue
{
    private const int MaxBlanks = 64;

    private static readonly string[] TypeNames = ["str", "string", "String", "SecureString", "securestring", "text"];
    private static readonly string[] Schemes = ["Bearer", "Basic", "Token", "token", "bearer", "basic", "Digest", "ApiKey", "Negotiate", "SharedAccessSignature", "SharedKey", "AWS4-HMAC-SHA256"];
    private static readonly string[] UrlNames = ["sig", "signature", "x-amz-signature", "x-goog-signature", "x-amz-credential", "code", "key"];

    /// <summary>The secret behind a name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the name begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>Where what is secret begins and ends, and the name as it stands there; null for none.</returns>
    internal static (int Start, int End, string Name)? After(string text, int start, int end)
    {
        var separator = SeparatorAfter(text, start, end);
        if (separator is not { } found)
        {
            return null;
        }

        var name = text.AsSpan(start, end - start);
        var kind = found.Kind switch
        {
            Separator.Word => NameKind.Header,
            Separator.Secure => NameKind.Secret,
            _ => SecretNames.KindOf(name),
        };
        if (kind == NameKind.Plain)
        {
            return found.Kind == Separator.Equal && start > 0 && text[start - 1] is '?' or '&' or ';' && IsUrlName(name)
                && SecretValue.End(text, found.Value, isUrl: true) is var urlEnd && urlEnd - found.Value >= 8
                    ? (found.Value, urlEnd, name.ToString())
                    : null;
        }

        if (kind == NameKind.Header)
        {
            var isQuoted = found.Kind == Separator.Equal && found.Value < text.Length && text[found.Value] is '"' or '\'';
            return found.Kind is Separator.Equal or Separator.Option && !isQuoted ? null
                : Header(text, found.Value, name, isCertain: isQuoted || found.Kind == Separator.Colon);
        }

        var value = SecretValue.At(text, found.Value, isLongest: start > 0 && text[start - 1] == ';');
        return value is var (first, last, _) && last > first
            && SecretValue.IsSecret(text.AsSpan(first, last - first), kind, name)
            && !(kind == NameKind.Likely && IsProse(text, start, found, text.AsSpan(first, last - first)))
                ? Whole(text, found, first, last, name.ToString())
                : null;
    }

    // An option's value goes with its quotes: a shell needs none around what is left.
    private static (int Start, int End, string Name) Whole(string text, Found found, int first, int last, string name) =>
        found.Kind == Separator.Option && first > found.Value && last < text.Length && text[found.Value] is '"' or '\'' && text[last] == text[found.Value]
            ? (found.Value, last + 1, name)
            : (first, last, name);

    /// <summary>Where the value of a name begins, behind <c>=</c> or <c>:</c>; null for none.</summary>
    internal static int? PlaceAfter(string text, int end)
    {
        var at = end + (end < text.Length && text[end] is '"' or '\'' ? 1 : 0);
        at = Blanks(text, at, acrossLines: false);
        return at < text.Length && text[at] is ':' or '=' && Blanks(text, at + 1, acrossLines: false) is var place && place < text.Length ? place : null;
    }

    private static (int Start, int End, string Name)? Header(string text, int start, ReadOnlySpan<char> name, bool isCertain)
    {
        var at = start + (start < text.Length && text[start] is '"' or '\'' ? 1 : 0);
        var hasScheme = false;
        foreach (var scheme in Schemes)
        {
            if (isCertain && text.AsSpan(at).StartsWith(scheme) && at + scheme.Length < text.Length && text[at + scheme.Length] == ' ')
            {
                (at, hasScheme) = (at + scheme.Length + 1, true);
                break;
            }
        }

        var end = at;
        while (end < text.Length && text[end] is not ('"' or '\'' or '\n' or '\r' or '\\' or '`') && (isCertain || !char.IsWhiteSpace(text[end])) && text[end] is not ('}' or ']'))
        {
            end++;
        }

        // Bearer alone may be a word of a sentence.
        var value = text.AsSpan(at, end - at);
        return value.Length > 0 && !value.SequenceEqual(SecretMask.Mask) && (hasScheme || isCertain || SecretValue.LooksRandom(value)) ? (at, end, name.ToString()) : null;
    }

    // "Unexpected token: x" tells of a token; "token: x" at the beginning of a line or an entry is one.
    private static bool IsProse(string text, int start, Found found, ReadOnlySpan<char> value)
    {
        if (found.Kind != Separator.Colon || value.Length > SecretValue.MaxData || SecretValue.LooksRandom(value))
        {
            return false;
        }

        var before = start - 1;
        while (before >= 0 && start - before < MaxBlanks && text[before] is ' ' or '\t' or '-')
        {
            before--;
        }

        return before >= 0 && text[before] is not ('\n' or '\r' or '{' or ',' or '"' or '\'' or '/' or '$' or ':');
    }

    private static bool IsUrlName(ReadOnlySpan<char> name)
    {
        foreach (var one in UrlNames)
        {
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private enum Separator
    {
        Equal, Colon, Option, Item, Tag, Word, Secure,
    }

    private readonly record struct Found(Separator Kind, int Value);

    /// <summary>What stands between a name and its value, and where the value begins; null where no value follows.</summary>
    private static Found? SeparatorAfter(string text, int start, int end)
    {
        var at = end;
        while (at < text.Length && at - end < 3 && text[at] is '"' or '\'' or '\\' or ']')
        {
            at++;
        }

        var quotes = at - end;
        var isOption = text[start] == '-' && (start == 0 || text[start - 1] is ' ' or '\t' or '\n' or '\r' or '"' or '\'' or '(' or '[' or ',');
        var afterBlanks = Blanks(text, at, acrossLines: isOption);
        if (afterBlanks >= text.Length)
        {
            return null;
        }

        switch (text[afterBlanks])
        {
            case '=':
                var value = afterBlanks + 1;
                while (value < text.Length && value - afterBlanks < 3 && text[value] is '=' or '>' or '~')
                {
                    value++;
                }

                return new Found(Separator.Equal, Blanks(text, value, acrossLines: false));
            case ':' when afterBlanks == at || quotes == 0:
                return Colon(text, afterBlanks);
            case ',' when quotes > 0 && (isOption || (start > 1 && text[start - 2] == '(')):
                var item = Blanks(text, afterBlanks + 1, acrossLines: true);
                return item < text.Length && text[item] is '"' or '\'' && item + 1 < text.Length && text[item + 1] != '-' ? new Found(Separator.Item, item) : null;
            case '>' when start > 0 && text[start - 1] is '<' && quotes == 0:
                return new Found(Separator.Tag, afterBlanks + 1);
            default:
                return isOption && afterBlanks > at && text[afterBlanks] != '-' ? new Found(Separator.Option, afterBlanks)
                    : afterBlanks > end && quotes == 0 && text.AsSpan(start, end - start) is "Bearer" or "bearer" ? new Found(Separator.Word, afterBlanks)
                    : afterBlanks > end && text.AsSpan(start, end - start) is "ConvertTo-SecureString" && text[afterBlanks] != '-' ? new Found(Separator.Secure, afterBlanks)
                    : afterBlanks > end && quotes == 0 && IsSet(text, start) ? new Found(Separator.Option, afterBlanks)
                    : null;
        }
    }

    // aws configure set aws_session_token x, setx API_KEY x
    private static bool IsSet(string text, int start) =>
        text.AsSpan(0, start) is [.., 's', 'e', 't', ' '] or [.., 's', 'e', 't', 'x', ' '] or [.., 'c', 'o', 'n', 'f', 'i', 'g', ' '];

    /// <summary>The value behind a colon, past the type that Python and PowerShell write there.</summary>
    private static Found? Colon(string text, int colon)
    {
        if (colon + 1 < text.Length && text[colon + 1] is ':' or '/' && text.AsSpan(colon + 1) is [':', ..] or ['/', '/', ..])
        {
            return null;
        }

        var equals = colon + 1 < text.Length && text[colon + 1] == '=' ? colon + 2 : colon + 1;
        var value = Blanks(text, equals, acrossLines: false);
        foreach (var type in TypeNames)
        {
            if (text.AsSpan(value).StartsWith(type) && Blanks(text, value + type.Length, acrossLines: false) is var after && after < text.Length && text[after] == '=')
            {
                return new Found(Separator.Equal, Blanks(text, after + 1, acrossLines: false));
            }
        }

        return new Found(Separator.Colon, value);
    }

    /// <summary>Passes blanks, and the ends of lines that a shell goes on after.</summary>
    private static int Blanks(string text, int at, bool acrossLines)
    {
        var first = at;
        while (at < text.Length && at - first < MaxBlanks
            && (text[at] is ' ' or '\t' || (acrossLines && (text[at] is '\n' or '\r' || (text[at] is '\\' or '`' && at + 1 < text.Length && text[at + 1] is '\n' or '\r')))))
        {
            at++;
        }

        return at;
    }
}
