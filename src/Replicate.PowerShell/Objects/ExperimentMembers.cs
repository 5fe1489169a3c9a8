using Replicate.PowerShell.Pipeline;

namespace Replicate.PowerShell.Objects;

/// <summary>What the type file adds to experiments, because a shell's method does not wait for a task.</summary>
public static class ExperimentMembers
{
    /// <summary>Reads the experiment from its repository again; its flattened properties follow.</summary>
    /// <param name="experiment">The experiment, which is changed.</param>
    /// <exception cref="ReplicateException">It is no longer there (<c>IdNotFound</c>).</exception>
    public static void Refresh(Experiment experiment)
    {
        new EnginePump(cmdlet: null).Run(
            async (_, token) =>
            {
                await experiment.RefreshAsync(token);
                return true;
            },
            CancellationToken.None);
        Listing.Update(experiment);
    }
}
