namespace Replicate.Metadata;

/// <summary>What the file of a name says.</summary>
/// <param name="Name">The name as it was last written.</param>
/// <param name="ExperimentId">The experiment of the checkpoint; empty where the name was taken off.</param>
/// <param name="CheckpointId">The checkpoint; empty where the name was taken off, which keeps its history.</param>
/// <param name="IsProtected">Whether the name is moved by force only.</param>
/// <param name="History">What became of it, oldest first; the latest of many.</param>
internal sealed record NameRecord(
    string Name, string ExperimentId, string CheckpointId, bool IsProtected, IReadOnlyList<NameChange> History)
{
    /// <summary>Whether the name stands for a checkpoint.</summary>
    internal bool IsSet => CheckpointId.Length > 0;
}
