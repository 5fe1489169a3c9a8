using System.CommandLine;
using Replicate.Presentation;
using Replicate.Queries;

namespace Replicate.Cli.Commands;

/// <summary><c>sweeps</c>: how far each sweep is.</summary>
internal sealed class SweepsCommand : Command
{
    private readonly Argument<string[]> _names = new("name") { Description = "The sweeps; otherwise all", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    public SweepsCommand(SharedOptions shared)
        : base("sweeps", "List the sweeps: how many of their runs are done, and which is the best")
    {
        Add(_names);
        Add(_json);
        SetAction(shared.Run(ListAsync));
    }

    private async Task ListAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var all = await terminal.WithProgressAsync(progress => project.Experiments.ListSweepsAsync(progress, invocation.CancellationToken));
        var names = line.GetValue(_names)!;
        Sweep[] sweeps = names.Length == 0 ? [.. all] :
        [
            .. names.Select(name => all.FirstOrDefault(sweep => string.Equals(sweep.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw Sweep.NotFound(name)),
        ];
        if (line.GetValue(_json))
        {
            terminal.WriteJson(stream => JsonOutput.WriteSweeps(stream, sweeps));
        }
        else if (sweeps.Length == 0)
        {
            terminal.Error.WriteLine("No sweeps found.");
        }
        else
        {
            var (heading, lines) = TableLayout<Sweep>.Of(SweepTable.Columns, sweeps, terminal.Width);
            terminal.Output.WriteLine(heading);
            Array.ForEach(lines, terminal.Output.WriteLine);
        }
    }
}
