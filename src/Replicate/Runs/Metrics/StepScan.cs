using System.Globalization;

namespace Replicate.Runs;

/// <summary>Finds the step in a line: <c>Epoch 3</c>, <c>epoch: 3/10</c>, <c>Step [100/600]</c>, <c>"step": 5</c>, <c>[ 3/10]</c>.</summary>
internal static class StepScan
{
    /// <summary>A step with where it stands in the line; with a total, that too.</summary>
    internal readonly record struct Step(long Value, int Start, int End);

    /// <summary>The finest counter of the line; null for none.</summary>
    internal static Step? Find(ReadOnlySpan<char> line)
    {
        (Step? found, var best) = (null, int.MaxValue);
        for (var at = 0; at < line.Length;)
        {
            if (line[at] == '[' && best == int.MaxValue && found is null && Bracketed(line, at) is { } bracketed)
            {
                found = bracketed;
                at = bracketed.End;
            }
            else if (IsLetter(line[at]))
            {
                var start = at;
                while (at < line.Length && (IsLetter(line[at]) || char.IsAsciiDigit(line[at])))
                {
                    at++;
                }

                if (StepNames.RankOf(line[start..at]) is { } rank && rank < best && Numbered(line, start, at) is { } numbered)
                {
                    (found, best) = (numbered, rank);
                    at = numbered.End;
                }
            }
            else
            {
                at++;
            }
        }

        return found;
    }

    private static bool IsLetter(char character) => char.IsAsciiLetter(character) || character == '_';

    private static Step? Numbered(ReadOnlySpan<char> line, int start, int at)
    {
        for (var skipped = 0; at < line.Length && skipped < 6 && line[at] is ' ' or ':' or '=' or '#' or '[' or '(' or '"' or '\'' or '\t'; skipped++)
        {
            at++;
        }

        return Number(line, ref at) is { } value && (at == line.Length || !IsPartOfNumber(line, at))
            ? new Step(value, start, EndOfTotal(line, at))
            : null;
    }

    private static Step? Bracketed(ReadOnlySpan<char> line, int start)
    {
        var at = start + 1;
        SkipBlanks(line, ref at);
        if (Number(line, ref at) is not { } value)
        {
            return null;
        }

        var end = EndOfTotal(line, at);
        var close = end;
        SkipBlanks(line, ref close);
        return end > at && close < line.Length && line[close] == ']' ? new Step(value, start, close + 1) : null;
    }

    /// <summary>Past <c>/10</c> where it follows.</summary>
    private static int EndOfTotal(ReadOnlySpan<char> line, int at)
    {
        var end = at;
        SkipBlanks(line, ref end);
        if (end >= line.Length || line[end] != '/')
        {
            return at;
        }

        end++;
        SkipBlanks(line, ref end);
        return Number(line, ref end) is null ? at : end;
    }

    private static bool IsPartOfNumber(ReadOnlySpan<char> line, int at) =>
        IsLetter(line[at]) || (line[at] is '.' && at + 1 < line.Length && char.IsAsciiDigit(line[at + 1]));

    private static void SkipBlanks(ReadOnlySpan<char> line, ref int at)
    {
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }
    }

    private static long? Number(ReadOnlySpan<char> line, ref int at)
    {
        var start = at;
        while (at < line.Length && char.IsAsciiDigit(line[at]))
        {
            at++;
        }

        return long.TryParse(line[start..at], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
