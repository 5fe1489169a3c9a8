using System.Buffers;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Finds the counters of a line: <c>Epoch 3</c>, <c>epoch: 3/10</c>, <c>Step [100/600]</c>, <c>"step": 5</c>, <c>[ 3/10]</c>,
/// <c>step 1.5K</c>, <c>[10]</c> and <c>100:</c> at its beginning.
/// </summary>
internal static class StepScan
{
    /// <summary>How many counters a line may have.</summary>
    internal const int MaxCounters = 8;

    /// <summary>Blanks and marks between a counter's name and its number: a number may be padded.</summary>
    private const int MaxGap = 16;

    private static readonly string[] OtherNames =
        ["best", "max", "maximum", "num", "total", "warmup", "warm-up", "per", "of", "every", "last", "each", "for", "after", "in", "final"];

    private static readonly SearchValues<char> Starts = SearchValues.Create("[_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>A counter with where it stands in the line.</summary>
    /// <param name="Value">Its number, which may be a fraction.</param>
    /// <param name="Rank">By <see cref="StepNames"/>.</param>
    /// <param name="Total">How many there are; 0 where that isn't said.</param>
    /// <param name="Name">Where its name begins.</param>
    /// <param name="NameEnd">Where its name ends; the same where it has none.</param>
    /// <param name="End">Where its number ends, total and bracket and all.</param>
    /// <param name="IsCertain">Whether it is a step even where nothing else on the line says so.</param>
    /// <param name="IsReadable">Whether what stands behind the name could be read.</param>
    internal readonly record struct Counter(
        double Value, int Rank, double Total, int Name, int NameEnd, int End, bool IsCertain, bool IsReadable = true)
    {
        /// <summary>Whether it can be a step of the repository's format.</summary>
        internal bool IsStep => IsReadable && StepNames.IsStep(Value);
    }

    /// <summary>Finds the counters.</summary>
    /// <param name="line">The line.</param>
    /// <param name="counters">Filled, in the order of the line; room for <see cref="MaxCounters"/>.</param>
    /// <param name="comma">How the program writes numbers.</param>
    /// <returns>How many.</returns>
    internal static int Find(ReadOnlySpan<char> line, Span<Counter> counters, DecimalComma comma)
    {
        var count = AtBeginning(line, counters, comma);
        for (var at = count > 0 ? counters[count - 1].End : 0; at < line.Length && count < MaxCounters;)
        {
            var next = line[at..].IndexOfAny(Starts);
            if (next < 0)
            {
                break;
            }

            at += next;
            Counter found;
            if (line[at] == '[')
            {
                var before = count > 0 ? counters[count - 1] : default;
                if (!Bracketed(line, at, before, comma, out found))
                {
                    at++;
                    continue;
                }

                if (found.Rank == StepNames.Batch && before.Rank != StepNames.Epoch)
                {
                    // [0/5][50/1583]
                    counters[count - 1] = before with { Rank = StepNames.Epoch };
                }
            }
            else
            {
                var start = at;
                while (at < line.Length && (IsLetter(line[at]) || char.IsAsciiDigit(line[at])))
                {
                    at++;
                }

                if (RankOf(line, start, at) is not { } rank
                    || (!Counted(line, start, at, rank, comma, out found)
                        && (at == line.Length || IsOfAnotherName(line[..start], line[at - 1] is 's' or 'S') || !Numbered(line, start, at, rank, comma, out found))))
                {
                    continue;
                }
            }

            counters[count++] = found;
            at = found.End;
        }

        return count;
    }

    private static int? RankOf(ReadOnlySpan<char> line, int start, int end)
    {
        if (StepNames.RankOf(line[start..end]) is { } rank)
        {
            return rank;
        }

        // Marian: Ep. 1 : Up. 1000
        if (end + 2 < line.Length && line[end] == '.' && line[end + 1] == ' ' && char.IsAsciiDigit(line[end + 2]))
        {
            return line[start..end] is "Ep" ? StepNames.Epoch : line[start..end] is "Up" ? 3 : null;
        }

        // timm: Train: 0 [  50/1251 (  4%)]
        if (end - start != 5 || !line[start..].StartsWith("Train: ", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = line[(end + 2)..].TrimStart("0123456789");
        return rest.StartsWith(" [", StringComparison.Ordinal) && rest.Length < line.Length - end - 2 ? StepNames.Epoch : null;
    }

    private static bool IsLetter(char character) => char.IsAsciiLetter(character) || character == '_';

    /// <summary>The round of boosting: <c>[10]</c> or <c>100:</c> at the beginning of a line, with something behind it.</summary>
    private static int AtBeginning(ReadOnlySpan<char> line, Span<Counter> counters, DecimalComma comma)
    {
        var start = 0;
        SkipBlanks(line, ref start);
        var isBracket = start < line.Length && line[start] == '[';
        var at = isBracket ? start + 1 : start;
        if (at >= line.Length || !char.IsAsciiDigit(line[at]))
        {
            return 0;
        }

        var number = PrintedNumber.Plain(line[at..], comma);
        at += number.Length;
        if (number is { Length: > 0, IsDecimal: false, IsUnclear: false } && at + 2 < line.Length && line[at] == '|' && char.IsAsciiDigit(line[at + 1]))
        {
            // torchtune: epoch|step|Loss: 1.5
            var step = PrintedNumber.Plain(line[(at + 1)..], comma);
            var end = at + 1 + step.Length;
            if (end + 1 < line.Length && line[end] == '|' && char.IsAsciiLetter(line[end + 1]))
            {
                counters[0] = new Counter(number.Value, StepNames.Epoch, 0, start, start, at, IsCertain: false);
                counters[1] = new Counter(step.Value, 1, 0, at + 1, at + 1, end + 1, IsCertain: false);
                return 2;
            }
        }

        if (number.Length == 0 || number.IsUnclear || number.IsDecimal || at + 1 >= line.Length
            || line[at] != (isBracket ? ']' : ':') || !char.IsWhiteSpace(line[at + 1]))
        {
            return 0;
        }

        counters[0] = new Counter(number.Value, 2, 0, start, start, at + 1, IsCertain: false);
        return 1;
    }

    private static bool Numbered(ReadOnlySpan<char> line, int start, int nameEnd, int rank, DecimalComma comma, out Counter found)
    {
        found = default;
        var at = line[start..nameEnd] is "Ep" or "Up" ? nameEnd + 1 : nameEnd;

        // Epoch(train) [1]
        if (line[at] == '(' && line[at..].IndexOf(')') is > 1 and < 12 and var close && char.IsAsciiLetter(line[at + 1]))
        {
            at += close + 1;
        }

        var (separated, bracketed, gap) = (false, false, at);
        while (at < line.Length && at - gap < MaxGap && line[at] is ' ' or ':' or '=' or '#' or '[' or '(' or '"' or '\'' or '\t' or '|')
        {
            separated |= line[at] is ':' or '=';
            bracketed |= line[at] is '[' or '(';
            at++;
        }

        if (at == nameEnd || at == line.Length || !char.IsAsciiDigit(line[at]))
        {
            return false;
        }

        var number = PrintedNumber.Plain(line[at..], comma);
        if (number.Length == 0 && line[at..].IndexOf(',') is > 0 and var mark)
        {
            // step 1,2: what follows the comma is something else.
            number = PrintedNumber.Plain(line.Slice(at, mark), comma);
        }

        var end = at + Math.Max(number.Length, 1);
        var value = number.Value;
        if (end < line.Length && char.IsAsciiLetter(line[end]))
        {
            var letters = end;
            while (end < line.Length && char.IsLetterOrDigit(line[end]))
            {
                end++;
            }

            var suffix = line[letters..end];
            if (PrintedNumber.ScaleOf(suffix) is > 0 and var scale)
            {
                value = Math.Round(value * scale, 6);
            }
            else if (PrintedNumber.IsUnit(suffix) && number.Length > 0)
            {
                return false;
            }
            else
            {
                number = default;
            }
        }

        if (end < line.Length && line[end] is '.' or '-' or '_' or '%' or '\\' && (line[end] == '%' || (end + 1 < line.Length && char.IsLetterOrDigit(line[end + 1]))))
        {
            // Part of a file name or a version, or a share.
            if (line[end] == '%' || char.IsAsciiLetter(line[end + 1]))
            {
                return false;
            }

            number = line[end] is '.' or '_' ? default : number;
        }

        var isReadable = number.Length > 0 && !number.IsUnclear;
        var (afterTotal, total) = isReadable ? EndOfTotal(line, end, comma) : (end, 0);
        bracketed &= afterTotal < line.Length && line[afterTotal] is ']' or ')';

        if (separated && line[nameEnd - 1] is 's' or 'S' && rank is StepNames.Epoch or StepNames.Batch)
        {
            // epochs: 10 is a setting.
            return false;
        }

        // batch: 32 may be one, and round 3 may be anything.
        var isCertain = total > 0 || bracketed || (rank == StepNames.Batch ? !separated : separated || !IsWeak(line[start..nameEnd]));

        found = new Counter(value, rank, total, start, nameEnd, bracketed ? afterTotal + 1 : afterTotal, isCertain, isReadable);
        return true;
    }

    /// <summary>Whether what stands before a counter's name makes another name of it, as in <c>best epoch</c> or <c>warmup steps</c>.</summary>
    private static bool IsOfAnotherName(ReadOnlySpan<char> before, bool isPlural)
    {
        if (before is [.., '-' or '.' or (>= '0' and <= '9')] || (before is [.., '/'] && IsTime(before[..^1])))
        {
            return true;
        }

        if (before is not [.., ' '] || before.Length < 2 || !char.IsLetter(before[^2]))
        {
            return false;
        }

        if (isPlural)
        {
            // number of skipped iterations: 0
            return true;
        }

        var word = before.TrimEnd();
        word = word[(word.LastIndexOfAny(' ', '\t', ',') + 1)..];
        foreach (var other in OtherNames)
        {
            if (word.Equals(other, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a text ends with a unit of time: <c>ms/batch</c> is no batch.</summary>
    private static bool IsTime(ReadOnlySpan<char> text) => text[(text.LastIndexOfAny(' ', '\t', '|') + 1)..] is "ms" or "s" or "sec" or "secs" or "seconds" or "us" or "min" or "time";

    /// <summary>What is counted before the word: <c>200/2983 batches</c>.</summary>
    private static bool Counted(ReadOnlySpan<char> line, int word, int end, int rank, DecimalComma comma, out Counter found)
    {
        found = default;
        if (word == 0 || line[word - 1] != ' ' || line[end - 1] is not ('s' or 'S'))
        {
            return false;
        }

        var before = line[..word].TrimEnd(' ');
        var total = before.TrimEnd("0123456789");
        var count = total is [.., '/'] or [.., '/', ' '] ? total.TrimEnd(' ')[..^1].TrimEnd(' ') : default;
        var start = count.TrimEnd("0123456789,").Length;
        if (start == count.Length || total.Length == before.Length || (start > 0 && line[start - 1] is not (' ' or '|' or '[' or '(' or '\t')))
        {
            return false;
        }

        var number = PrintedNumber.Plain(line[start..count.Length], comma);
        var all = PrintedNumber.Plain(line[total.Length..before.Length], comma);
        if (number.Length < count.Length - start || number.IsUnclear || all.Length == 0)
        {
            return false;
        }

        found = new Counter(number.Value, rank, all.Value, start, start, end, IsCertain: true);
        return true;
    }

    /// <summary>Whether a word counts steps only on a line that has metrics too.</summary>
    private static bool IsWeak(ReadOnlySpan<char> name) => name.Length == 2
        || name.StartsWith("update", StringComparison.OrdinalIgnoreCase) || name.StartsWith("round", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>[3/10]</c>; behind an epoch the batches of it.</summary>
    private static bool Bracketed(ReadOnlySpan<char> line, int start, Counter before, DecimalComma comma, out Counter found)
    {
        found = default;
        var at = start + 1;
        SkipBlanks(line, ref at);
        if (at == line.Length || !char.IsAsciiDigit(line[at]))
        {
            return false;
        }

        var number = PrintedNumber.Plain(line[at..], comma);
        at += number.Length;
        var (end, total) = EndOfTotal(line, at, comma);
        var close = end;
        SkipBlanks(line, ref close);
        if (close < line.Length && line[close] == '(' && line[close..].IndexOf(')') is > 0 and < 8 and var share)
        {
            // [640/60000 (1%)]
            close += share + 1;
        }

        var isBehindCounter = before.Rank == StepNames.Epoch || (before is { Total: > 0, Rank: 2 } && before.Name == before.NameEnd && end > at);
        var isBehindEpoch = isBehindCounter && line[before.End..start].Trim().IsEmpty;
        if (number.Length == 0 || number.IsDecimal || number.IsUnclear || close >= line.Length || line[close] != ']'
            || !(isBehindEpoch || (end > at && before.End == 0)))
        {
            return false;
        }

        found = new Counter(number.Value, isBehindEpoch ? StepNames.Batch : 2, total, start, start, close + 1, IsCertain: true);
        return true;
    }

    /// <summary>Past <c>/10</c> where it follows, and what it says.</summary>
    private static (int End, double Total) EndOfTotal(ReadOnlySpan<char> line, int at, DecimalComma comma)
    {
        var end = at;
        SkipBlanks(line, ref end);
        if (end >= line.Length || line[end] != '/')
        {
            return (at, 0);
        }

        end++;
        SkipBlanks(line, ref end);
        if (end >= line.Length || !char.IsAsciiDigit(line[end]))
        {
            return (at, 0);
        }

        var total = PrintedNumber.Plain(line[end..], comma);
        return total.Length == 0 || total.IsUnclear ? (at, 0) : (end + total.Length, total.Value);
    }

    private static void SkipBlanks(ReadOnlySpan<char> line, ref int at)
    {
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }
    }
}
