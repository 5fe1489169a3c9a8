namespace Replicate.Runs.Metrics;

/// <summary>What a program printed as far as it matters when no metric was in it.</summary>
internal sealed class OutputSeen
{
    private const int ExampleLength = 200;

    /// <summary>How many lines that aren't blank there were.</summary>
    internal long Lines { get; private set; }

    /// <summary>Whether a line had a number.</summary>
    internal bool HasNumbers { get; private set; }

    /// <summary>The last line with a number, else the first line; cut where it is long.</summary>
    internal string Example => new(_example, 0, _length);

    private readonly char[] _example = new char[ExampleLength];
    private int _length;

    internal void Add(ReadOnlySpan<char> line)
    {
        if (line.IsWhiteSpace())
        {
            return;
        }

        var hasNumber = line.ContainsAnyInRange('0', '9');
        HasNumbers |= hasNumber;
        Lines++;
        if (hasNumber || Lines == 1)
        {
            _length = Math.Min(line.Length, ExampleLength);
            line[.._length].CopyTo(_example);
        }
    }
}
