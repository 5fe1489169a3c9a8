using System.Collections.Concurrent;
using System.Globalization;
using Replicate.Reliability.Faults;

namespace Replicate.Reliability.Kills;

/// <summary>What processes said before they were killed. A line counts only with the point at its end.</summary>
internal sealed class Said
{
    /// <summary>What was created, added, stopped, and deleted.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>The last number of the note that was set, by experiment.</summary>
    public ConcurrentDictionary<string, int> Set { get; } = new();

    /// <summary>The experiments that were copied.</summary>
    public ConcurrentDictionary<string, bool> Copied { get; } = new();

    /// <summary>The experiments that were sent.</summary>
    public ConcurrentDictionary<string, bool> Synced { get; } = new();

    /// <summary>The experiments and checkpoints that were deleted.</summary>
    public ConcurrentDictionary<string, bool> Deleted { get; } = new();

    /// <summary>Saved files of nothing, which were put for a repair; their content is their id.</summary>
    public ConcurrentDictionary<string, bool> Strays { get; } = new();

    /// <summary>The directories that two versions were checked out into in turn, with the experiments of these.</summary>
    public ConcurrentDictionary<string, (string First, string Second)> Versions { get; } = new();

    /// <summary>How many calls were acknowledged.</summary>
    public int Count { get; private set; }

    /// <summary>Says that a call has returned.</summary>
    public static void Line(params string[] words)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', words)} ."));
        Console.Out.Flush();
    }

    /// <summary>Takes down what a process said.</summary>
    public void Take(string line)
    {
        lock (Ledger)
        {
            Count += line is [.., '.'] && !line.StartsWith("deleting", StringComparison.Ordinal) ? 1 : 0;
        }

        KilledChild.Take(line, Ledger);
        switch (line.Split(' '))
        {
            case ["set", var id, var number, "."]:
                Set[id] = int.Parse(number, CultureInfo.InvariantCulture);
                break;
            case ["copied", var id, "."]:
                Copied[id] = true;
                break;
            case ["synced", var id, "."]:
                Synced[id] = true;
                break;
            case ["deleted", var id, "."]:
                Deleted[id] = true;
                break;
            case ["stray", var id, "."]:
                Strays[id] = true;
                break;
            case ["versions", var directory, var first, var second, "."]:
                Versions[directory] = (first, second);
                break;
        }
    }
}
