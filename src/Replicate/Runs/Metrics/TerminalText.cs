namespace Replicate.Runs.Metrics;

/// <summary>What a line shows on a terminal: without colours, and without what was drawn over.</summary>
internal sealed class TerminalText
{
    private char[] _plain = new char[256];

    /// <summary>Takes what was shown before it was drawn over.</summary>
    internal delegate void TakeDrawnOver(ReadOnlySpan<char> text, bool isProvisional);

    /// <summary>Whether a line shows as it is.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> line) => !line.ContainsAny('\u001b', '\b');

    /// <summary>Whether a line is a progress bar that isn't at its end, as tqdm draws it: <c>50%|█████     | 5/10</c>.</summary>
    internal static bool IsUnfinishedBar(ReadOnlySpan<char> line)
    {
        var sign = line.IndexOf("%|");
        return sign > 0 && char.IsAsciiDigit(line[sign - 1]) && !line[..sign].EndsWith("100");
    }

    /// <summary>Reads a line with control characters.</summary>
    /// <param name="line">The line.</param>
    /// <param name="drawnOver">Told what backspaces or a move of the cursor draw over.</param>
    /// <returns>What is left at its end; valid until the next call.</returns>
    internal ReadOnlySpan<char> Last(ReadOnlySpan<char> line, TakeDrawnOver drawnOver)
    {
        if (_plain.Length < line.Length)
        {
            _plain = new char[line.Length];
        }

        var length = 0;
        for (var at = 0; at < line.Length;)
        {
            var isMove = false;
            if (line[at] == '\b')
            {
                (isMove, at) = (true, at + 1);
            }
            else if (line[at] == '\u001b')
            {
                at = AfterSequence(line, at, out isMove);
            }
            else
            {
                _plain[length++] = line[at++];
            }

            if (isMove && length > 0)
            {
                drawnOver(_plain.AsSpan(0, length), isProvisional: true);
                length = 0;
            }
        }

        return _plain.AsSpan(0, length);
    }

    private static int AfterSequence(ReadOnlySpan<char> line, int start, out bool isMove)
    {
        isMove = false;
        var at = start + 1;
        if (at < line.Length && line[at] == ']')
        {
            // The title of the window, up to a bell.
            var bell = line[at..].IndexOf('\a');
            return bell < 0 ? line.Length : at + bell + 1;
        }

        if (at == line.Length || line[at] != '[')
        {
            return at;
        }

        var argument = ++at;
        while (at < line.Length && line[at] is < '@' or > '~')
        {
            at++;
        }

        // What is erased to the right of the cursor is not what was printed.
        isMove = at < line.Length
            && (line[at] is 'A' or 'D' or 'F' or 'G' or 'H' || (line[at] is 'K' or 'J' && line[argument] is '1' or '2'));
        return Math.Min(at + 1, line.Length);
    }
}
