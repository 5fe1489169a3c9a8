using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>Takes the id of a checkpoint or an experiment where the object itself is given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CheckpointIdAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            Checkpoint checkpoint => checkpoint.Id,
            Experiment experiment => experiment.Id,
            NamedCheckpoint named => named.Id,
            var other => other,
        };
}
