namespace Replicate.Queries;

/// <summary>Decides which checkpoint of an experiment is best.</summary>
internal static class BestCheckpoint
{
    internal static Checkpoint? Of(Experiment experiment) => throw new NotImplementedException();
}
