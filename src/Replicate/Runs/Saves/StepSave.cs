using Replicate.Archives.Snapshots;

namespace Replicate.Runs.Saves;

/// <summary>What a step saved.</summary>
/// <param name="Files">The files, whole; null for none.</param>
/// <param name="Missing">The names of those that it wrote and that could not be taken.</param>
internal sealed record StepSave(FileSnapshot? Files, IReadOnlyList<string> Missing)
{
    /// <summary>Whether it isn't known that it wrote what is missing.</summary>
    internal bool IsUncertain { get; init; }

    /// <summary>It wrote nothing.</summary>
    internal static readonly StepSave Nothing = new(null, []);
}
