namespace Replicate.Runs.Metrics;

/// <summary>
/// Reads the framed tables of reinforcement learning, one metric a row: <c>|    ep_rew_mean     | 22.1     |</c>, below
/// <c>| rollout/           |          |</c> under its name. A table is one point, and may tell its step last.
/// </summary>
/// <param name="names">The names of the source.</param>
/// <param name="comma">How the program writes numbers.</param>
internal sealed class BoxReader(NamePool names, DecimalComma comma)
{
    private const int MaxRows = 1000;

    private readonly List<(string Name, double Value)> _rows = [];
    private string _section = "";

    /// <summary>Reads a line.</summary>
    /// <returns>Whether it is part of such a table; what the table says comes with its last line.</returns>
    internal bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        if (line.Length < 3 || !(line[0] is '|' or '-' or '=' or '+' or ' ' or '\t'))
        {
            return false;
        }

        line = line.Trim();
        if (line is ['-' or '=' or '+', ..] && !line.ContainsAnyExcept("-=+ "))
        {
            Finish(reading);
            return true;
        }

        if (line is not ['|', .., '|'] || line.Length < 3)
        {
            return false;
        }

        var inside = line[1..^1];
        var bar = inside.IndexOf('|');
        if (bar < 0 || inside[(bar + 1)..].Contains('|'))
        {
            return false;
        }

        return AddRow(inside[..bar], inside[(bar + 1)..].Trim(), reading);
    }

    /// <summary>Ends a table whose last line is missing.</summary>
    internal void Finish(MetricReading reading)
    {
        if (_rows.Count > 0)
        {
            reading.Metrics.AddRange(_rows);
            StepNames.TakeStep(reading);
        }

        _rows.Clear();
        _section = "";
    }

    private bool AddRow(ReadOnlySpan<char> cell, ReadOnlySpan<char> text, MetricReading reading)
    {
        var name = cell.Trim();
        if (name.IsEmpty || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        if (text.IsEmpty)
        {
            _section = name[^1] == '/' ? name.ToString() : "";
            return true;
        }

        var number = PrintedNumber.Read(text, comma);
        if (number.Length != text.Length || number.IsUnclear)
        {
            // 3:47:44 in such a table is a row of it; a heading of another table is none.
            return _rows.Count > 0;
        }

        // Under its section the name is indented; a step keeps its own name.
        var isInSection = _section.Length > 0 && cell.StartsWith("   ", StringComparison.Ordinal) && StepNames.RankOf(name) is null;
        var pooled = StepNames.RankOf(name) is not null ? StepNames.Canonical(name)
            : isInSection ? names.Get($"{_section}{name}") : names.Get(name);
        if (_rows.Count == MaxRows || _rows.IndexOf(pooled) >= 0)
        {
            Finish(reading);
        }

        _rows.Add((pooled, number.Value));
        return true;
    }
}
