namespace Replicate;

/// <summary>Guesses which name was meant by one that nothing has.</summary>
internal static class NearestName
{
    private const int LongestName = 100;

    // In halves, so that a name that differs in case alone wins.
    private const int Keystroke = 2;

    /// <summary>The name that takes the fewest keystrokes to get to; null where none is near.</summary>
    /// <param name="name">The name as it was given.</param>
    /// <param name="candidates">The names that there are.</param>
    internal static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        return candidates.Where(candidate => candidate.Length <= LongestName)
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= Keystroke * Math.Max(1, (Math.Min(name.Length, candidate.Name.Length) + 1) / 2))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault().Name;
    }

    /// <summary>A question after the nearest name, with a space before it; empty where none is near.</summary>
    internal static string Question(string name, IEnumerable<string> candidates) =>
        Of(name, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>
    /// How many characters have to be put in, left out, replaced or swapped with the next; another case of a letter, or another
    /// mark between words, is half of one.
    /// </summary>
    private static int Distance(string from, string to)
    {
        var (before, row, next) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (var j = 0; j <= to.Length; j++)
        {
            row[j] = j * Keystroke;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            next[0] = i * Keystroke;
            for (var j = 1; j <= to.Length; j++)
            {
                next[j] = Math.Min(row[j - 1] + Replacing(from[i - 1], to[j - 1]), Math.Min(row[j], next[j - 1]) + Keystroke);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    next[j] = Math.Min(next[j], before[j - 2] + Keystroke);
                }
            }

            (before, row, next) = (row, next, before);
        }

        return row[to.Length];

        static int Replacing(char a, char b) =>
            a == b ? 0 : char.ToLowerInvariant(a) == char.ToLowerInvariant(b) || (IsBetween(a) && IsBetween(b)) ? 1 : Keystroke;

        static bool IsBetween(char c) => c is '_' or '-' or '.' or '/' or ' ';
    }
}
