namespace Replicate.Queries;

/// <summary>Finds what a full id or an unambiguous prefix stands for.</summary>
public static class IdLookup
{
    /// <summary>Finds over experiments and checkpoints together.</summary>
    /// <exception cref="ReplicateException">Nothing matches (<c>IdNotFound</c>), or several do (<c>IdAmbiguous</c>, listed).</exception>
    public static Match Find(string id, IReadOnlyCollection<Experiment> experiments) => throw new NotImplementedException();

    /// <summary>Finds over experiments alone.</summary>
    /// <exception cref="ReplicateException">Nothing matches (<c>IdNotFound</c>), or several do (<c>IdAmbiguous</c>, listed).</exception>
    public static Experiment FindExperiment(string id, IReadOnlyCollection<Experiment> experiments) => throw new NotImplementedException();

    internal static ReplicateException NotFound(string id) => throw new NotImplementedException();
}
