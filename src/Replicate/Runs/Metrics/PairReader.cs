namespace Replicate.Runs;

/// <summary>
/// Reads <c>name: value</c> and <c>name=value</c> pairs, and the step, as in
/// <c>Epoch 3, train loss: 0.118, validation accuracy: 1.000</c>.
/// </summary>
/// <remarks>
/// A name is the words before the separator, back to a punctuation mark, a number or the previous value, at most
/// <see cref="MaxWords"/> of them: more are a sentence. What isn't a number behind a separator is no metric.
/// </remarks>
internal sealed class PairReader : ILineReader
{
    private const int MaxWords = 4;

    private static readonly string[] LogLevels = ["DEBUG", "INFO", "WARNING", "WARN", "ERROR"];

    private readonly NamePool _names = new();

    /// <inheritdoc/>
    public bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        var step = StepScan.Find(line);
        reading.Step = step?.Value;
        var from = 0;
        for (var at = 0; at < line.Length;)
        {
            var next = line[at..].IndexOfAny(':', '=');
            if (next < 0)
            {
                break;
            }

            var separator = at + next;
            at = separator + 1;
            if (step is { } found && separator >= found.Start && separator < found.End)
            {
                at = from = found.End;
            }
            else if (ReadValue(line, separator + 1, out var value) is > 0 and var end)
            {
                var name = NameBefore(line[from..separator]);
                if (!name.IsEmpty)
                {
                    reading.Add(_names.Get(name), value);
                }

                at = from = end;
            }
        }

        return true;
    }

    /// <summary>Reads a value behind a separator.</summary>
    /// <returns>Where it ends; 0 where there is no number, or one with something attached, such as a time.</returns>
    private static int ReadValue(ReadOnlySpan<char> line, int start, out double value)
    {
        while (start < line.Length && line[start] is ' ' or '\t')
        {
            start++;
        }

        start += WrapperLength(line[start..]);
        var end = start + NumberScan.Read(line[start..], out value);
        var ends = end == line.Length || char.IsWhiteSpace(line[end])
            || (line[end] == ',' && !(end + 1 < line.Length && char.IsAsciiDigit(line[end + 1])))
            || (line[end] == '.' && (end + 1 == line.Length || char.IsWhiteSpace(line[end + 1])))
            || line[end] is ';' or '|' or ')' or ']' or '}' or '%' or '"' or '\'';
        return end > start && ends ? end : 0;
    }

    /// <summary>The length of what wraps a number in the texts of libraries, as in <c>tensor(0.5)</c> or <c>np.float64(0.5)</c>.</summary>
    private static int WrapperLength(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_'))
        {
            end++;
        }

        return end > 0 && end < text.Length && text[end] == '(' && char.IsAsciiLetter(text[0]) ? end + 1
            : text is ['"' or '\'', ..] ? 1
            : 0;
    }

    private static ReadOnlySpan<char> NameBefore(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd();
        if (text is [.., '"' or '\''])
        {
            var open = text[..^1].LastIndexOf(text[^1]);
            return open < 0 ? default : text[(open + 1)..^1];
        }

        var (start, words) = (text.Length, 0);
        while (words <= MaxWords)
        {
            var word = start;
            while (word > 0 && IsNameCharacter(text[word - 1]))
            {
                word--;
            }

            if (word == start || !(char.IsLetter(text[word]) || text[word] == '_'))
            {
                break;
            }

            (start, words) = (word, words + 1);
            if (word == 0 || text[word - 1] != ' ')
            {
                break;
            }

            // One blank joins words; more of them, or one behind a mark, end the name.
            if (word < 2 || !IsNameCharacter(text[word - 2]))
            {
                break;
            }

            start = word - 1;
        }

        // Behind a quote that isn't closed, as in 'cuda:0', is a text.
        var isQuoted = start > 0 && text[start - 1] is '"' or '\'';
        return words > MaxWords || isQuoted ? default : WithoutLogLevel(text[start..].Trim());
    }

    private static bool IsNameCharacter(char character) =>
        char.IsLetterOrDigit(character) || character is '_' or '/' or '.' or '@' or '%' or '-' or '(' or ')';

    private static ReadOnlySpan<char> WithoutLogLevel(ReadOnlySpan<char> name)
    {
        var blank = name.IndexOf(' ');
        foreach (var level in blank < 0 ? [] : LogLevels)
        {
            if (name[..blank].SequenceEqual(level))
            {
                return name[(blank + 1)..];
            }
        }

        return name;
    }
}
