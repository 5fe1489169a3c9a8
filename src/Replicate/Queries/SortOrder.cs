namespace Replicate.Queries;

/// <summary>An order of experiments: a name as in a filter, with an optional <c>-desc</c> or <c>-asc</c>.</summary>
public sealed class SortOrder : IComparer<Experiment>
{
    /// <summary>Reads an order; null or empty is <c>created</c>.</summary>
    public static SortOrder Parse(string? text) => throw new NotImplementedException();

    /// <summary>Numbers, then text, then the rest, missing last whichever the direction; ties by creation time.</summary>
    public int Compare(Experiment? x, Experiment? y) => throw new NotImplementedException();
}
