namespace Replicate.Metadata;

/// <summary>The experiment that checkpoints belong to, as far as they know it.</summary>
internal interface ICheckpointOwner
{
    /// <summary>Its id.</summary>
    string Id { get; }

    /// <summary>The beginning of its id.</summary>
    string ShortId { get; }

    /// <summary>Its checkpoints, oldest first.</summary>
    CheckpointList Checkpoints { get; }
}
