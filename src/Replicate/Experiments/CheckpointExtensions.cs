namespace Replicate;

/// <summary>What a checkpoint knows of the experiment that it was read with.</summary>
public static class CheckpointExtensions
{
    extension(Checkpoint checkpoint)
    {
        /// <summary>The experiment it belongs to.</summary>
        public Experiment Experiment => (Experiment)checkpoint.Owner;
    }
}
