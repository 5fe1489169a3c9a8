using System.CommandLine;
using Replicate.Cli.Views;
using Replicate.Comparisons;
using Replicate.Presentation;

namespace Replicate.Cli.Commands;

/// <summary><c>diff</c>: what differs between two or more experiments or checkpoints.</summary>
internal sealed class DiffCommand : Command
{
    private readonly Argument<string[]> _ids = new("id")
    {
        Description = "Experiments or checkpoints, two or more; an experiment stands for its best, else its latest checkpoint",
        Arity = new ArgumentArity(2, ArgumentArity.OneOrMore.MaximumNumberOfValues),
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly Option<bool> _files = new("--files") { Description = "Compare the saved files too, text line by line" };

    private readonly Option<string?> _path = new("--path")
    {
        Description = "Compare one saved file or directory",
        HelpName = "path",
    };

    public DiffCommand(SharedOptions shared)
        : base("diff", "Compare experiments or checkpoints")
    {
        Add(_ids);
        Add(_json);
        Add(_files);
        Add(_path);
        SetAction(shared.Run(DiffAsync));
    }

    private async Task DiffAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var experiments = await terminal.WithProgressAsync(
            progress => project.Experiments.ListAsync(null, progress, invocation.CancellationToken));
        var sides = await IdLookup.FindAllAsync(line.GetRequiredValue(_ids), project, experiments, invocation.CancellationToken);
        var differences = Comparison.Between(sides);
        var path = line.GetValue(_path);
        var files = line.GetValue(_files) || path is not null
            ? await terminal.WithProgressAsync(progress => FileComparison.BetweenAsync(
                sides, path is null ? null : FileComparison.AtOrBelow(path), progress, invocation.CancellationToken))
            : null;
        if (line.GetValue(_json))
        {
            terminal.WriteJson(stream => ComparisonOutput.Write(stream, sides, [.. differences, .. files ?? []]));
        }
        else
        {
            DifferenceView.Write(sides, differences, files, terminal);
        }
    }
}
