using System.CommandLine;
using Replicate.Cli.Views;
using Replicate.Presentation;

namespace Replicate.Cli.Commands;

/// <summary><c>show</c>: all about one experiment or checkpoint.</summary>
internal sealed class ShowCommand : Command
{
    private readonly Argument<string> _id = new("id") { Description = "An experiment or checkpoint: its id or the beginning of it" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly Option<bool> _all = new("--all") { Description = "Show all Python packages" };

    public ShowCommand(SharedOptions shared)
        : base("show", "Show all about an experiment or checkpoint")
    {
        Add(_id);
        Add(_json);
        Add(_all);
        SetAction(shared.Run(ShowAsync));
    }

    private async Task ShowAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var match = await project.FindAsync(line.GetRequiredValue(_id), invocation.CancellationToken);
        var all = line.GetValue(_all);
        switch (match.Checkpoint)
        {
            case null when line.GetValue(_json):
                terminal.WriteJson(stream => JsonOutput.WriteExperiment(stream, match.Experiment));
                break;
            case null:
                DetailView.Write(match.Experiment, all, terminal);
                break;
            case { } checkpoint when line.GetValue(_json):
                terminal.WriteJson(stream => JsonOutput.WriteCheckpoint(stream, checkpoint));
                break;
            case { } checkpoint:
                DetailView.Write(checkpoint, all, terminal);
                break;
        }
    }
}
