namespace Replicate.Runs.Metrics;

/// <summary>
/// Reads what programs print: <c>name: value</c> and <c>name=value</c> pairs and the step, as in
/// <c>Epoch 3, train loss: 0.118, validation accuracy: 1.000</c>, and tables with or without a frame.
/// </summary>
/// <remarks>
/// A name is the words before the separator, back to a punctuation mark, a number or the previous value; too many words are
/// a sentence. What isn't a number behind a separator is no metric. On a line that names a step, <c>loss 0.5</c> is a pair too.
/// </remarks>
internal sealed class PairReader : ILineReader
{
    private const int MaxGaps = 32;

    private readonly NamePool _names = new();
    private readonly DecimalComma _comma = new();
    private readonly BoxReader _box;
    private readonly TableReader _table;

    internal PairReader() => (_box, _table) = (new BoxReader(_names, _comma), new TableReader(_names, _comma));

    /// <inheritdoc/>
    public bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        if (_box.Read(line, reading) || _table.Read(line, reading))
        {
            return true;
        }

        return !line.ContainsAnyInRange('0', '9') && !line.ContainsAny(':', '=') || ReadPairs(line, reading);
    }

    /// <inheritdoc/>
    public void Finish(MetricReading reading) => _box.Finish(reading);

    private bool ReadPairs(ReadOnlySpan<char> line, MetricReading reading)
    {
        Span<StepScan.Counter> counters = stackalloc StepScan.Counter[StepScan.MaxCounters];
        var count = Choose(line, counters[..StepScan.Find(line, counters, _comma)], reading);
        counters = counters[..count];
        if (count > 0 && line[counters[0].End - 1] == ':' && DarknetLine.Read(line, counters[0].End, reading))
        {
            Count(line, counters, [0, 0, 0, 0, 0, 0, 0, 0], reading);
            return true;
        }

        Span<(int Start, int End)> gaps = stackalloc (int, int)[MaxGaps];
        Span<int> places = stackalloc int[StepScan.MaxCounters];
        var (gapCount, from, nextCounter, isClear) = (0, 0, 0, true);
        for (var at = 0; at < line.Length;)
        {
            var next = line[at..].IndexOfAny(':', '=');
            var separator = next < 0 ? line.Length : at + next;
            while (nextCounter < count && counters[nextCounter].Name <= separator)
            {
                // What stands before a counter is no name of what comes behind it.
                var counter = counters[nextCounter];
                places[nextCounter++] = reading.Metrics.Count;
                AddGap(gaps, ref gapCount, from, counter.Name);
                from = Math.Max(from, counter.End);
                at = Math.Max(at, from);
            }

            if (next < 0)
            {
                break;
            }

            if (separator < at)
            {
                continue;
            }

            at = separator + 1;
            if (IsInTime(line, separator))
            {
                continue;
            }

            var end = ReadValue(line, separator + 1, out var number);
            isClear &= !number.IsUnclear;
            if (end == 0 && reading.Phase is null)
            {
                reading.Phase = PhaseNames.Of(MetricNames.Before(line[from..separator]));
            }
            else if (end > 0)
            {
                var name = MetricNames.Before(line[from..separator], line.Contains('|'));
                AddGap(gaps, ref gapCount, from, separator - name.Length);
                if (!name.IsEmpty && !MetricNames.IsOther(line, name, separator, end, !number.IsDecimal))
                {
                    end = end < line.Length && line[end] == ',' && line[(separator + 1)..end].Contains('[')
                        ? AddList(line, name, number, end, reading)
                        : Add(line, name, number, end, reading);
                }

                at = from = end;
            }
        }

        AddGap(gaps, ref gapCount, from, line.Length);
        if (count > 0 || reading.Metrics.Count > 0 || line.TrimStart() is ['*', ' ', ..])
        {
            foreach (var (start, end) in gaps[..gapCount])
            {
                ReadBarePairs(line, start, end, hasStep: count > 0, reading);
            }
        }

        Count(line, counters, places, reading);
        return isClear;
    }

    /// <summary>Whether a colon stands between the numbers of a time: <c>12:30</c>, not <c>top1:30</c>.</summary>
    private static bool IsInTime(ReadOnlySpan<char> line, int colon)
    {
        if (line[colon] != ':' || colon + 1 >= line.Length || !char.IsAsciiDigit(line[colon + 1]))
        {
            return false;
        }

        var start = colon;
        while (start > 0 && char.IsAsciiDigit(line[start - 1]))
        {
            start--;
        }

        return start < colon && !(start > 0 && (char.IsLetter(line[start - 1]) || line[start - 1] is '_' or '@' or '-' or '/' or '.'));
    }

    private static void AddGap(Span<(int Start, int End)> gaps, ref int count, int start, int end)
    {
        if (end - start > 3 && count < gaps.Length)
        {
            gaps[count++] = (start, end);
        }
    }

    /// <summary>
    /// Leaves out the counters that are settings, <c>batch: 32</c> without an epoch, and those of a validation's batches.
    /// </summary>
    private static int Choose(ReadOnlySpan<char> line, Span<StepScan.Counter> counters, MetricReading reading)
    {
        if (counters.IsEmpty)
        {
            return 0;
        }

        // Epoch(val) [1][55/55], Test: [48/48]
        var isOfPhase = counters[0] is { } first && first.NameEnd < line.Length && line[first.NameEnd] == '(';
        var phase = isOfPhase ? PhaseNames.Of(Inside(line[counters[0].NameEnd..]))
            : counters[0].Name == counters[0].NameEnd ? PhaseNames.Of(MetricNames.Before(line[..counters[0].Name].TrimEnd(" :")))
            : null;
        reading.Phase = phase;
        var hasEpoch = false;
        foreach (var counter in counters)
        {
            hasEpoch |= counter.Rank == StepNames.Epoch;
        }

        var count = 0;
        foreach (var counter in counters)
        {
            if ((counter.Rank != StepNames.Batch || counter.IsCertain || hasEpoch)
                && !(phase is not null and not "train" and not "training" && counter.Rank != StepNames.Epoch && (counter.Name == counter.NameEnd || isOfPhase)))
            {
                counters[count++] = counter;
            }
        }

        return count;
    }

    private static ReadOnlySpan<char> Inside(ReadOnlySpan<char> bracket) =>
        bracket.IndexOf(')') is > 1 and var close ? bracket[1..close] : default;

    /// <summary>Takes the finest counter for the step, the others for metrics.</summary>
    /// <param name="line">The line.</param>
    /// <param name="counters">Its counters.</param>
    /// <param name="places">How many metrics stand before each of them.</param>
    /// <param name="reading">Filled.</param>
    private static void Count(
        ReadOnlySpan<char> line, ReadOnlySpan<StepScan.Counter> counters, ReadOnlySpan<int> places, MetricReading reading)
    {
        var step = -1;
        var isHeading = reading.Metrics.Count == 0;
        for (var i = 0; i < counters.Length; i++)
        {
            if ((counters[i].IsCertain || reading.Metrics.Count > 0) && (step < 0 || counters[i].Rank < counters[step].Rank))
            {
                step = i;
            }
        }

        if (step < 0)
        {
            return;
        }

        var added = 0;
        for (var i = 0; i < counters.Length; i++)
        {
            var counter = counters[i];
            if (counter is { Rank: StepNames.Epoch, IsReadable: true })
            {
                reading.Epoch = counter.Value;
            }

            if (i == step && counter.IsStep)
            {
                (reading.Step, reading.StepRank) = ((long)counter.Value, counter.Rank);
                reading.StepTotal = counter.Total > 0 && StepNames.IsStep(counter.Total) ? (long)counter.Total : null;
            }
            else if (!counter.IsReadable)
            {
                reading.IsStepUnknown |= i == step;
            }
            else if (!isHeading)
            {
                var name = counter.Rank == StepNames.Epoch ? StepNames.EpochName
                    : counter.NameEnd > counter.Name ? StepNames.Canonical(line[counter.Name..counter.NameEnd])
                    : counter.Rank == StepNames.Batch ? "batch"
                    : "iteration";
                reading.Metrics.Insert(places[i] + added++, (name, counter.Value));
            }
        }
    }

    /// <summary>Reads a value behind a separator.</summary>
    /// <returns>Where it ends; 0 where there is no number, or one with something attached, such as a time.</returns>
    private int ReadValue(ReadOnlySpan<char> line, int start, out PrintedNumber number)
    {
        while (start < line.Length && line[start] is ' ' or '\t')
        {
            start++;
        }

        start += WrapperLength(line[start..]);
        number = start < line.Length ? PrintedNumber.Read(line[start..], _comma) : default;
        var end = start + number.Length;
        return number.Length > 0 && !number.IsUnclear && Ends(line, end) && !IsBar(line, end) ? end : 0;
    }

    /// <summary>Whether a share is that of a progress bar: <c>Validation:  50%|█████     | 1/2</c>.</summary>
    private static bool IsBar(ReadOnlySpan<char> line, int end) =>
        line[end - 1] == '%' && end < line.Length && (line[end] == '|' || (line[end] == ' ' && end + 1 < line.Length && line[end + 1] > '\u2000'));

    private static bool Ends(ReadOnlySpan<char> line, int end) => end == line.Length || char.IsWhiteSpace(line[end])
        || (line[end] == ',' && !(end + 1 < line.Length && char.IsAsciiDigit(line[end + 1])))
        || (line[end] is '.' or ':' && (end + 1 == line.Length || char.IsWhiteSpace(line[end + 1])))
        || line[end] is ';' or '|' or ')' or ']' or '}' or '"' or '\'' or '*' or '(';

    /// <summary>The length of what wraps a number in the texts of libraries, as in <c>tensor(0.5)</c> or <c>np.float64(0.5)</c>.</summary>
    private static int WrapperLength(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_'))
        {
            end++;
        }

        return end > 0 && end < text.Length && text[end] == '(' && char.IsAsciiLetter(text[0]) ? end + 1
            : text is ['"' or '\'' or '[', ..] ? 1
            : 0;
    }

    /// <summary>Adds a metric, and its average where that stands in brackets behind it.</summary>
    /// <returns>Where both end.</returns>
    private int Add(ReadOnlySpan<char> line, ReadOnlySpan<char> name, PrintedNumber number, int end, MetricReading reading)
    {
        reading.Phase ??= PhaseNames.First(name);
        var pooled = _names.Get(name);
        for (var i = 0; i < reading.Metrics.Count; i++)
        {
            if (string.Equals(reading.Metrics[i].Name, pooled, StringComparison.Ordinal))
            {
                // A second value of the same name on the line.
                pooled = _names.Get($"{pooled} 2");
                i = -1;
            }
        }

        reading.Add(pooled, number.Value);
        if (line[end..].StartsWith(" / ", StringComparison.Ordinal) && PrintedNumber.Plain(line[(end + 3)..], _comma) is { Length: > 0, IsDecimal: true } second)
        {
            // D(G(z)): 0.6012 / 0.1012
            reading.Add(_names.Get($"{pooled} 2"), second.Value);
            return end + 3 + second.Length;
        }

        var open = end;
        while (open < line.Length && line[open] == ' ')
        {
            open++;
        }

        if (open + 1 >= line.Length || line[open] != '(' || line[open..].IndexOf(')') is not (> 1 and < 24 and var close))
        {
            return end;
        }

        var inside = line[(open + 1)..(open + close)].Trim();
        var average = inside.IsEmpty ? default : PrintedNumber.Read(inside, _comma);
        if (average.Length == 0 || average.Length < inside.Length)
        {
            return end;
        }

        if (average.IsDecimal && inside[^1] != '%')
        {
            reading.Add(_names.Get($"{name} (avg)"), average.Value);
        }

        return open + close + 1;
    }

    /// <summary>Adds the numbers of a list, <c>lr=[0.1, 0.2]</c>, as <c>lr[0]</c> and <c>lr[1]</c>.</summary>
    /// <returns>Where it ends.</returns>
    private int AddList(ReadOnlySpan<char> line, ReadOnlySpan<char> name, PrintedNumber number, int end, MetricReading reading)
    {
        for (var index = 0; ; index++)
        {
            reading.Add(_names.Get($"{name}[{index}]"), number.Value);
            var next = end;
            while (next < line.Length && line[next] is ',' or ' ')
            {
                next++;
            }

            number = next > end && next < line.Length ? PrintedNumber.Plain(line[next..], _comma) : default;
            if (number.Length == 0 || number.IsUnclear)
            {
                return end;
            }

            end = next + number.Length;
        }
    }

    /// <summary>Reads <c>loss 0.5</c> between the pairs, where it fills what stands between two marks.</summary>
    private void ReadBarePairs(ReadOnlySpan<char> line, int from, int to, bool hasStep, MetricReading reading)
    {
        var isColumns = hasStep && line.Contains('|');
        for (var start = from; start < to;)
        {
            var end = start;
            while (end < to && !IsMark(line[..to], end))
            {
                end++;
            }

            ReadSegment(line[..to], start, end, isColumns, reading);
            start = end + 1;
        }
    }

    /// <summary>Whether a mark parts what stands before it from what stands behind: also a colon between blanks.</summary>
    private static bool IsMark(ReadOnlySpan<char> line, int at) => line[at] switch
    {
        '|' or ';' or '\t' => true,
        ',' => !(at + 1 < line.Length && char.IsAsciiDigit(line[at + 1])),
        ':' => at > 0 && at + 1 < line.Length && line[at - 1] == ' ' && line[at + 1] == ' ',
        _ => false,
    };

    private void ReadSegment(ReadOnlySpan<char> line, int start, int end, bool isColumn, MetricReading reading)
    {
        var name = start;
        for (var at = start; at < end;)
        {
            while (at < end && (line[at] is ' ' or ':' or '-' or ')' or ']' or '}' or '*' or '.' && !(line[at] is '-' or '.' && at + 1 < end && char.IsAsciiDigit(line[at + 1]))))
            {
                at++;
            }

            if (at > start && at < end && line[at - 1] == ' ' && line[at] is >= '0' and <= '9' or '-' or '+' or 'n' or 'i' or 'N' or '.')
            {
                var number = PrintedNumber.Read(line[at..end], _comma);
                var after = at + number.Length;
                if (number.Length > 0 && (after == end || line[after] is ' ' or '(' or ')' or ']'))
                {
                    var text = MetricNames.Before(line[name..at], isColumn);
                    if (!text.IsEmpty && (number.IsDecimal || isColumn) && !MetricNames.IsOther(text) && !MetricNames.IsSentence(text)
                        && (line[name..at].TrimEnd().Length == text.Length + line[name..at].Length - line[name..at].TrimStart(" :-)]}*").Length))
                    {
                        after = Add(line, text, number, after, reading);
                    }

                    name = at = after;
                    continue;
                }
            }

            while (at < end && line[at] != ' ')
            {
                at++;
            }
        }
    }
}
