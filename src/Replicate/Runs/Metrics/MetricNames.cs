using System.Buffers;

namespace Replicate.Runs.Metrics;

/// <summary>Finds the name that a program printed before a number, and tells names from what only looks like one.</summary>
internal static class MetricNames
{
    private const int MaxWords = 4;
    private const int MaxWordsInColumn = 8;

    private static readonly string[] LogLevels = ["DEBUG", "INFO", "WARNING", "WARN", "ERROR"];

    // What is no result of the training: addresses, processes, versions, what remains to be done.
    private static readonly string[] Others =
        ["eta", "pid", "ppid", "tid", "port", "line", "lineno", "version", "v_num", "remaining", "remaining time", "time left", "hours left", "master_port"];

    // Words that make a sentence of what stands before a number without a separator.
    private static readonly string[] Fillers =
        ["from", "to", "of", "in", "at", "by", "on", "for", "than", "with", "is", "was", "the", "after", "and", "reached", "took", "best", "not", "below", "above", "within", "about", "only", "did"];

    private static readonly SearchValues<char> NoInside = SearchValues.Create(":=|{}\"");
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,+-/ %");

    private static readonly string[] Devices = ["cuda", "cpu", "gpu", "mps", "xla", "npu", "tpu", "hip", "xpu", "localhost", "rank"];

    private static readonly string[] FileKinds =
        ["py", "cpp", "cc", "cxx", "c", "h", "hpp", "cu", "cuh", "cs", "fs", "go", "rs", "java", "scala", "kt", "js", "ts", "ps1", "psm1", "r", "jl", "lua", "rb", "m", "ipynb", "txt", "log", "com", "org", "net", "io", "local"];

    /// <summary>The name at the end of a text that stands before a separator or number.</summary>
    /// <param name="text">From the last number to the separator.</param>
    /// <param name="isColumn">Whether it is a column between <c>|</c>, which may be longer.</param>
    /// <returns>The name; empty for none.</returns>
    internal static ReadOnlySpan<char> Before(ReadOnlySpan<char> text, bool isColumn = false)
    {
        text = text.TrimEnd().TrimEnd('*');
        if (text is [.., '"' or '\''])
        {
            var open = text[..^1].LastIndexOf(text[^1]);
            return open < 0 ? default : text[(open + 1)..^1];
        }

        var (start, words) = (text.Length, 0);
        while (true)
        {
            var word = WordBefore(text, start, out var isBracket);
            if (word == start || !IsWord(text[word..start], isBracket && start < text.Length))
            {
                break;
            }

            (start, words) = (word, words + (isBracket ? 0 : 1));

            // One blank joins words; more of them, or one behind a mark, end the name.
            if (word < 2 || text[word - 1] != ' ' || text[word - 2] == ' ')
            {
                break;
            }

            start = word - 1;
        }

        // Behind a quote that isn't closed, as in 'cuda:0', is a text.
        var isQuoted = start > 0 && text[start - 1] is '"' or '\'';
        if (isQuoted || words == 0 || words > (isColumn ? MaxWordsInColumn : MaxWords))
        {
            return default;
        }

        return WithoutUnit(WithoutLogLevel(text[start..].Trim()));
    }

    /// <summary>Whether a pair is no metric by its name: a process, a port, a line of a file, a device.</summary>
    /// <param name="line">The line.</param>
    /// <param name="name">The name; part of the line.</param>
    /// <param name="separator">Where its separator stands.</param>
    /// <param name="end">Where its number ends.</param>
    /// <param name="isWhole">Whether the number is a whole one.</param>
    internal static bool IsOther(ReadOnlySpan<char> line, ReadOnlySpan<char> name, int separator, int end, bool isWhole)
    {
        if (IsOther(name))
        {
            return true;
        }

        // solver.cpp:237], trainer:after_iter:247 - epoch, cuda:0
        if (!isWhole || line[separator] != ':' || separator + 1 >= line.Length || !char.IsAsciiDigit(line[separator + 1]))
        {
            return false;
        }

        var before = separator - name.Length;
        return (before > 0 && (line[before - 1] is ':' or '/' or '\\' || (line[before - 1] == '(' && end < line.Length && line[end] == ')')))
            || (end < line.Length && line[end] == ']' && !line[..separator].Contains('['))
            || Contains(Devices, name[(name.LastIndexOf(' ') + 1)..])
            || (name.LastIndexOf('.') is >= 0 and var point && Contains(FileKinds, name[(point + 1)..]));
    }

    /// <summary>Whether a name is never a metric's: a process, a port, what remains to be done.</summary>
    internal static bool IsOther(ReadOnlySpan<char> name) => name.Length <= 16 && Contains(Others, name);

    /// <summary>Whether what stands before a number without a separator is a sentence, as in <c>improved from</c>.</summary>
    internal static bool IsSentence(ReadOnlySpan<char> name)
    {
        foreach (var range in name.Split(' '))
        {
            if (Contains(Fillers, name[range]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(string[] names, ReadOnlySpan<char> name)
    {
        foreach (var known in names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the word begins that ends at a place, its brackets included.</summary>
    private static int WordBefore(ReadOnlySpan<char> text, int end, out bool isBracket)
    {
        isBracket = false;
        var at = end;
        while (at > 0)
        {
            if (IsNameCharacter(text[at - 1]) || (text[at - 1] == '\'' && at < text.Length && at > 1 && char.IsLetter(text[at]) && char.IsLetterOrDigit(text[at - 2])))
            {
                at--;
            }
            else if (text[at - 1] is ')' or ']' && OpenBefore(text, at - 1) is >= 0 and var open && IsBracketOfName(text, open, at, end))
            {
                at = open;
            }
            else
            {
                break;
            }
        }

        isBracket = at < end && text[at] is '(' or '[';
        return at;
    }

    /// <summary>Whether a bracket belongs to a name: <c>loss (train)</c>, <c>loss[train]</c>, not <c>[train] loss</c> or <c>(0.5)</c>.</summary>
    private static bool IsBracketOfName(ReadOnlySpan<char> text, int open, int close, int end)
    {
        var inside = text[(open + 1)..(close - 1)];
        return open > 0 && (close == end || IsNameCharacter(text[close])) && !inside.IsEmpty
            && !inside.ContainsAny(NoInside) && (inside.ContainsAnyExcept(OfNumbers) || inside is "%")
            && (text[open - 1] != ' ' ? IsNameCharacter(text[open - 1])
                : text[open] == '(' && open > 1 && (IsNameCharacter(text[open - 2]) || text[open - 2] == ')'));
    }

    private static int OpenBefore(ReadOnlySpan<char> text, int close)
    {
        var (depth, opening) = (0, text[close] == ')' ? '(' : '[');
        for (var at = close; at >= 0; at--)
        {
            depth += text[at] == text[close] ? 1 : text[at] == opening ? -1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsWord(ReadOnlySpan<char> word, bool isInside) =>
        word[0] is '(' or '[' ? !isInside || word[0] == '(' : char.IsLetter(word[0]) || word[0] is '_' or '%' && word.Length > 1;

    private static bool IsNameCharacter(char character) =>
        char.IsLetterOrDigit(character) || character is '_' or '/' or '.' or '@' or '%' or '-' or '+' or '²' or '³' or '^' or '#' or '&';

    /// <summary>Without the unit of the number before, which ends a sentence: <c>25.5 s. Mean Reward</c>.</summary>
    private static ReadOnlySpan<char> WithoutUnit(ReadOnlySpan<char> name) =>
        name.IndexOf(". ") is > 0 and var point && PrintedNumber.IsUnit(name[..point]) ? name[(point + 2)..] : name;

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
