using System.Text;

namespace Replicate.Recording.Secrets;

/// <summary>
/// Goes through a text once, from left to right, and replaces what is secret: tokens by their shapes, values by their names,
/// passwords in URLs and in the arguments of known programs, private keys. It takes time in proportion to the text.
/// </summary>
internal sealed class SecretScanner
{
    private const string KeyBegin = "-----BEGIN ";
    private const string KeyEnd = "-----END ";
    private const int MaxKeyLabel = 40;

    // How far a value may be from its name, and how long either.
    private const int MaxEntry = 200;

    private readonly string _text;
    private readonly ICollection<string>? _found;
    private readonly ProgramArguments _program = new();
    private StringBuilder? _result;
    private int _copied;
    private int _entryEnd = -MaxEntry;
    private string _entry = "";

    private SecretScanner(string text, ICollection<string>? found) => (_text, _found) = (text, found);

    /// <summary>The text without secrets; the very text where there are none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="found">Gets what was masked, never its value; null for nobody.</param>
    internal static string Mask(string text, ICollection<string>? found) => new SecretScanner(text, found).Run();

    /// <summary>Whether a name or an option consists of these characters.</summary>
    internal static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';

    private string Run()
    {
        for (var at = 0; at < _text.Length;)
        {
            var c = _text[at];
            if (c == '-' && KeyAt(at) is > 0 and var keyEnd)
            {
                at = Hide(at, keyEnd, "private key");
            }
            else if (IsNamePart(c))
            {
                at = Word(at);
            }
            else if (c == ':' && UrlSecrets.In(_text, at) is { } url)
            {
                at = Hide(url.Start, url.End, "password in a URL");
            }
            else
            {
                _program.Separate(c);
                at++;
            }
        }

        return _result is null ? _text : _result.Append(_text, _copied, _text.Length - _copied).ToString();
    }

    /// <summary>Goes through one word, and through the value that it names.</summary>
    /// <returns>Where to go on.</returns>
    private int Word(int start)
    {
        // After an escape such as \n or %3D a word begins, too.
        start += EscapeLength(start);
        var end = start;
        for (; end < _text.Length && IsNamePart(_text[end]); end++)
        {
            if ((end == start || !(char.IsLetterOrDigit(_text[end - 1]) || _text[end - 1] == '_')) && TokenShapes.At(_text, end) is { } token)
            {
                return Hide(token.Start, token.End, token.Kind);
            }

            if (end > start && _text[end] == '-' && KeyAt(end) is > 0 and var keyEnd)
            {
                return Hide(end, keyEnd, "private key");
            }
        }

        if (end == start)
        {
            return start + 1;
        }

        var word = _text.AsSpan(start, end - start);
        if (TokenShapes.KindOf(word) is { } kind)
        {
            return Hide(start, end, kind);
        }

        if (TokenShapes.AzureEnd(_text, start, end) is > 0 and var azureEnd)
        {
            return Hide(end - 5, azureEnd, "Azure client secret");
        }

        var secret = _program.Read(_text, start, end) ?? EntryValue(word, end) ?? NamedValue.After(_text, start, end);
        return secret is { } value ? Hide(value.Start, value.End, value.Name) : end;
    }

    /// <summary>The value of an entry that has its name beside it: <c>{"name": "API_KEY", "value": "x"}</c>.</summary>
    private (int Start, int End, string Name)? EntryValue(ReadOnlySpan<char> word, int end)
    {
        var isName = word is "name" or "Name" or "key" or "Key";
        if ((!isName && !(word is "value" or "Value" && end - _entryEnd < MaxEntry)) || NamedValue.PlaceAfter(_text, end) is not { } place
            || SecretValue.At(_text, place, isLongest: false) is not var (first, last, _) || last <= first || last - first > MaxEntry)
        {
            return null;
        }

        if (isName)
        {
            (_entryEnd, _entry) = SecretNames.KindOf(_text.AsSpan(first, last - first)) == NameKind.Secret ? (last, _text[first..last]) : (-MaxEntry, "");
            return null;
        }

        return _entry.Length > 0 && SecretValue.IsSecret(_text.AsSpan(first, last - first), NameKind.Secret, _entry) ? (first, last, _entry) : null;
    }

    private int EscapeLength(int start)
    {
        if (start > 0 && _text[start - 1] == '\\' && _text[start] is 'n' or 'r' or 't')
        {
            return 1;
        }

        return start > 0 && _text[start - 1] == '%' && start + 2 < _text.Length && char.IsAsciiHexDigit(_text[start]) && char.IsAsciiHexDigit(_text[start + 1]) ? 2 : 0;
    }

    /// <summary>Where a private key ends that begins here, at the end of the text where its end is missing; 0 for none.</summary>
    private int KeyAt(int start)
    {
        if (!_text.AsSpan(start).StartsWith(KeyBegin))
        {
            return 0;
        }

        var label = _text.AsSpan(start + KeyBegin.Length, Math.Min(MaxKeyLabel, _text.Length - start - KeyBegin.Length));
        if (label.IndexOf("PRIVATE KEY") < 0)
        {
            return 0;
        }

        var body = start + KeyBegin.Length;
        var end = _text.IndexOf(KeyEnd, body, StringComparison.Ordinal);
        var last = end < 0 ? -1 : _text.IndexOf("-----", end + KeyEnd.Length, StringComparison.Ordinal);
        return last < 0 ? _text.Length : last + "-----".Length;
    }

    private int Hide(int start, int end, string name)
    {
        _found?.Add(name);
        (_result ??= new StringBuilder(_text.Length)).Append(_text, _copied, start - _copied).Append(SecretMask.Mask);
        return _copied = end;
    }
}
