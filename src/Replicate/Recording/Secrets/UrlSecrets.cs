namespace Replicate.Recording.Secrets;

/// <summary>Finds what is secret before the host of a URL.</summary>
internal static class UrlSecrets
{
    private const int MaxLength = 1024;
    private const int LongUser = 20;

    // With these as password, the secret is the user's name.
    private static readonly string[] EmptyPasswords = ["", "x-oauth-basic", "x", "api"];

    /// <summary>The password of a URL, or its only name where that is a token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="colon">The colon before <c>//</c>.</param>
    /// <returns>Where it begins and ends; null for none.</returns>
    internal static (int Start, int End)? In(string text, int colon)
    {
        if (!text.AsSpan(colon).StartsWith("://"))
        {
            return null;
        }

        var start = colon + 3;
        var (slash, at, separator) = (-1, -1, -1);
        for (var i = start; i < text.Length && i - start < MaxLength && !IsEnd(text[i]); i++)
        {
            if (text[i] == ':' && text.AsSpan(i).StartsWith("://"))
            {
                break;
            }

            switch (text[i])
            {
                case '/' or '?' or '#' when slash < 0:
                    slash = i;
                    break;
                case '@' when slash < 0 || (separator >= 0 && !IsPort(text.AsSpan(separator + 1, slash - separator - 1))):
                    at = i;
                    break;
                case ':' when separator < 0 && slash < 0 && at < 0:
                    separator = i;
                    break;
            }
        }

        if (at < 0)
        {
            return null;
        }

        if (separator < 0 || separator > at)
        {
            return at - start >= LongUser && IsToken(text.AsSpan(start, at - start)) ? (start, at) : null;
        }

        var password = text[(separator + 1)..at];
        var isUser = Array.Exists(EmptyPasswords, empty => empty == password);
        return password == SecretMask.Mask ? null : isUser ? (start, at) : IsToken(text.AsSpan(start, separator - start)) ? (start, at) : (separator + 1, at);
    }

    private static bool IsPort(ReadOnlySpan<char> text) => text.Length is > 0 and <= 5 && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsToken(ReadOnlySpan<char> user) => user.Length >= LongUser && user.ContainsAnyInRange('0', '9') && !user.Contains('.');

    private static bool IsEnd(char c) => char.IsWhiteSpace(c) || c is '"' or '\'' or '<' or '>' or '`' or '\\';
}
