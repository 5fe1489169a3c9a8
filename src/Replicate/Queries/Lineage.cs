namespace Replicate.Queries;

/// <summary>Which experiment went on from which.</summary>
public static class Lineage
{
    // Nobody reads a line beyond it, and the lines of a chain of a hundred thousand would take gigabytes.
    private const int MaxBranchLength = 120;

    /// <summary>Orders experiments as a tree: each comes after the one it went on from, its siblings in the order given.</summary>
    /// <param name="experiments">
    /// The experiments; one whose parent isn't among them stands at the root, and the first of a ring of parents.
    /// </param>
    /// <returns>
    /// All of them with the lines before their names, such as <c>│  ├─ </c>; empty at the root, and from the 40th level on as on that.
    /// </returns>
    public static IReadOnlyList<(Experiment Experiment, string Branch)> Tree(IReadOnlyList<Experiment> experiments)
    {
        var known = experiments.Select(experiment => experiment.Id).ToHashSet(StringComparer.Ordinal);
        var children = experiments.ToLookup(experiment => known.Contains(experiment.Parent) ? experiment.Parent : "", StringComparer.Ordinal);
        var ordered = new List<(Experiment, string)>(experiments.Count);

        // A stack of our own: a run that went on a thousand times is a deep tree.
        var waiting = new Stack<(Experiment Experiment, string Branch, string Below)>();
        var shown = new HashSet<Experiment>(ReferenceEqualityComparer.Instance);
        Push("", "", isRoot: true);
        Walk();
        foreach (var experiment in experiments.Where(experiment => !shown.Contains(experiment)))
        {
            waiting.Push((experiment, "", ""));
            Walk();
        }

        return ordered;

        void Walk()
        {
            while (waiting.TryPop(out var next))
            {
                if (shown.Add(next.Experiment))
                {
                    ordered.Add((next.Experiment, next.Branch));
                    Push(next.Experiment.Id, next.Below, isRoot: false);
                }
            }
        }

        void Push(string parent, string below, bool isRoot)
        {
            var siblings = children[parent].ToArray();
            var isDeep = below.Length >= MaxBranchLength;
            for (var i = siblings.Length - 1; i >= 0; i--)
            {
                var isLast = i == siblings.Length - 1;
                waiting.Push(isRoot
                    ? (siblings[i], "", "")
                    : (siblings[i], below + (isLast ? "└─ " : "├─ "), isDeep ? below : below + (isLast ? "   " : "│  ")));
            }
        }
    }
}
