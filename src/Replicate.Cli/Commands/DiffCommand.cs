using System.CommandLine;
using Replicate.Cli.Views;
using Replicate.Comparisons;
using Replicate.Queries;

namespace Replicate.Cli.Commands;

/// <summary><c>diff</c>: what differs between two or more experiments or checkpoints.</summary>
internal sealed class DiffCommand : Command
{
    private readonly Argument<string[]> _ids = new("id")
    {
        Description = "Experiments or checkpoints, two or more; an experiment stands for its best, else its latest checkpoint",
        Arity = new ArgumentArity(2, ArgumentArity.OneOrMore.MaximumNumberOfValues),
    };

    public DiffCommand(SharedOptions shared)
        : base("diff", "Compare experiments or checkpoints")
    {
        Add(_ids);
        SetAction(shared.Run(DiffAsync));
    }

    private async Task DiffAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var experiments = await project.Experiments.ListAsync(cancellationToken: invocation.CancellationToken);
        var sides = line.GetRequiredValue(_ids).Select(id => IdLookup.Find(id, experiments)).ToArray();
        DifferenceView.Write(sides, Comparison.Between(sides), terminal);
    }
}
