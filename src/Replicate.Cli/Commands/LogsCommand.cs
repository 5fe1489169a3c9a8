using System.CommandLine;
using System.Globalization;

namespace Replicate.Cli.Commands;

/// <summary><c>logs</c>: what a run wrote.</summary>
internal sealed class LogsCommand : Command
{
    private readonly Argument<string> _id = new("id") { Description = "An experiment, or one of its checkpoints: the id or the beginning of it" };

    private readonly Option<int?> _tail = new("--tail", "-n") { Description = "Print only the last lines, so many", HelpName = "count" };

    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until the run ends", Arity = ArgumentArity.Zero };

    private readonly Option<bool> _error = new("--error") { Description = "Print only the error output", Arity = ArgumentArity.Zero };

    private readonly Option<bool> _times = new("--times") { Description = "Print when each line was written", Arity = ArgumentArity.Zero };

    public LogsCommand(SharedOptions shared)
        : base("logs", "Print what a run wrote, or is writing")
    {
        Add(_id);
        Add(_tail);
        Add(_follow);
        Add(_error);
        Add(_times);
        _tail.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--tail takes 1 or more.");
            }
        });
        SetAction(shared.Run(PrintAsync));
    }

    private async Task PrintAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var experiment = (await project.FindAsync(line.GetRequiredValue(_id), invocation.CancellationToken)).Experiment;
        var (tail, follow, error, times) = (line.GetValue(_tail), line.GetValue(_follow), line.GetValue(_error), line.GetValue(_times));
        if (tail is { } count && !follow)
        {
            foreach (var printed in await experiment.ReadLogEndAsync(count, error, invocation.CancellationToken))
            {
                terminal.Output.WriteLine(Text(printed));
            }

            return;
        }

        var lines = follow
            ? experiment.FollowLogAsync(tail, error, invocation.CancellationToken) : experiment.ReadLogAsync(error, invocation.CancellationToken);
        await foreach (var printed in lines)
        {
            terminal.Output.WriteLine(Text(printed));
            if (follow)
            {
                terminal.Output.Flush();
            }
        }

        string Text(LogLine printed) => times
            ? string.Create(CultureInfo.InvariantCulture, $"{printed.Time:yyyy-MM-dd HH:mm:ss.fff} {printed}") : printed.ToString();
    }
}
