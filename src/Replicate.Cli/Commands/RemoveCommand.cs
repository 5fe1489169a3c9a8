using System.CommandLine;

namespace Replicate.Cli.Commands;

/// <summary><c>rm</c>: deletes experiments and checkpoints.</summary>
internal sealed class RemoveCommand : Command
{
    private readonly Argument<string[]> _ids = new("id")
    {
        Description = "Experiments or checkpoints: their ids or the beginnings of them",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "Delete without asking, and what has a name, too" };

    public RemoveCommand(SharedOptions shared)
        : base("rm", "Delete experiments with their checkpoints, or single checkpoints")
    {
        Aliases.Add("delete");
        Add(_ids);
        Add(_force);
        SetAction(shared.Run(RemoveAsync));
    }

    private async Task RemoveAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var experiments = await project.Experiments.ListAsync(cancellationToken: invocation.CancellationToken);

        // All ids are looked up before anything is gone; what goes with its experiment needs no deletion of its own.
        var found = (await IdLookup.FindAllAsync(line.GetRequiredValue(_ids), project, experiments, invocation.CancellationToken)).Distinct().ToArray();
        var whole = found.Where(match => match.Checkpoint is null).Select(match => match.Experiment).ToHashSet();
        var matches = found.Where(match => match.Checkpoint is null || !whole.Contains(match.Experiment)).ToArray();

        var force = line.GetValue(_force);
        if (!force)
        {
            await project.Names.RequireNoneAsync(matches, invocation.CancellationToken);
            await ConfirmAsync(matches, invocation);
        }

        foreach (var (experiment, checkpoint) in matches)
        {
            if (checkpoint is null)
            {
                terminal.Say($"Removing experiment {experiment.ShortId} and its {Amounts.Of(experiment.Checkpoints.Count, "checkpoint")}");
                await experiment.DeleteAsync(force, invocation.CancellationToken);
            }
            else
            {
                terminal.Say($"Removing checkpoint {checkpoint.ShortId} of experiment {experiment.ShortId}");
                await experiment.DeleteCheckpointAsync(checkpoint, force, invocation.CancellationToken);
            }
        }
    }

    private static async Task ConfirmAsync(Match[] matches, Invocation invocation)
    {
        var terminal = invocation.Terminal;
        if (!terminal.CanAsk)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "ConfirmationNeeded",
                "Deleting has to be confirmed, and there is no terminal to ask on.",
                "Pass --force to delete without being asked.");
        }

        terminal.Error.WriteLine("About to be deleted:");
        foreach (var (experiment, checkpoint) in matches)
        {
            terminal.Error.WriteLine(checkpoint is null
                ? $"  experiment {experiment.ShortId} ({Amounts.Of(experiment.Checkpoints.Count, "checkpoint")})"
                : $"  checkpoint {checkpoint.ShortId} of experiment {experiment.ShortId}");
        }

        await terminal.ConfirmAsync("Nothing was deleted.", invocation.CancellationToken);
    }
}
