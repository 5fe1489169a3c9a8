using System.CommandLine;
using Replicate.Cli.Views;
using Replicate.Presentation;

namespace Replicate.Cli.Commands;

/// <summary><c>ls</c>, and <c>ps</c>, which is <c>ls</c> with a condition of its own.</summary>
internal sealed class ListCommand : Command
{
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly Option<bool> _all = new("--all") { Description = "Show all params and metrics, not only the params that differ and the primary metrics" };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print nothing but full ids" };

    private readonly Option<string[]> _filter = new("--filter", "-f")
    {
        Description = "Only experiments that fulfil a condition, such as \"loss < 0.2\"; may be given several times",
        HelpName = "condition",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _sort = new("--sort", "-s")
    {
        Description = "The order: a name as in a filter, with -desc for the reverse; otherwise by creation",
        HelpName = "name",
    };

    private readonly string[] _always;

    public ListCommand(SharedOptions shared, string name, string alias, string description, params string[] always)
        : base(name, description)
    {
        _always = always;
        Aliases.Add(alias);
        Add(_json);
        Add(_all);
        Add(_quiet);
        Add(_filter);
        Add(_sort);
        this.Refuse(_quiet, _json);
        this.Refuse(_quiet, _all);
        SetAction(shared.Run(ListAsync));
    }

    private async Task ListAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var query = new ExperimentQuery { Filter = [.. _always, .. line.GetValue(_filter)!], Sort = line.GetValue(_sort) };
        var experiments = await terminal.WithProgressAsync(
            progress => project.Experiments.ListAsync(query, progress, invocation.CancellationToken));
        if (line.GetValue(_json))
        {
            terminal.WriteJson(stream => JsonOutput.WriteList(stream, experiments));
        }
        else if (line.GetValue(_quiet))
        {
            foreach (var experiment in experiments)
            {
                terminal.Output.WriteLine(experiment.Id);
            }
        }
        else
        {
            ExperimentListView.Write(experiments, line.GetValue(_all), terminal);
        }
    }
}
