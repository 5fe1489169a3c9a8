using System.CommandLine;
using Replicate.Presentation;

namespace Replicate.Cli.Commands;

/// <summary><c>name</c>: lists the names of checkpoints, shows what became of one, gives, moves and takes them off.</summary>
internal sealed class NameCommand : Command
{
    private readonly Argument<string?> _name = new("name") { Description = "A name, such as production; otherwise all are listed", Arity = ArgumentArity.ZeroOrOne };

    private readonly Argument<string?> _id = new("id")
    {
        Description = "The checkpoint that gets the name, or an experiment for its best, else its latest; otherwise what became of the name is shown",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the history of the name", HelpName = "text", DefaultValueFactory = _ => "" };

    private readonly Option<bool?> _protect = new("--protect") { Description = "Move the name by force only from now on; --protect=false ends that", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<bool> _remove = new("--remove") { Description = "Take the name off" };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "Move or take off a protected name, too" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    public NameCommand(SharedOptions shared)
        : base("name", "List the names of checkpoints, or give a checkpoint a name that stands wherever an id does")
    {
        Aliases.Add("names");
        Add(_name);
        Add(_id);
        Add(_reason);
        Add(_protect);
        Add(_remove);
        Add(_force);
        Add(_json);
        Validators.Add(line =>
        {
            if (line.GetValue(_remove) && line.GetValue(_name) is null)
            {
                line.AddError("--remove needs a name.");
            }
        });
        SetAction(shared.Run(NameAsync));
    }

    private Task NameAsync(Invocation invocation)
    {
        var line = invocation.Line;
        return line.GetValue(_name) is not { } name ? ListAsync(invocation)
            : line.GetValue(_remove) ? RemoveAsync(name, invocation)
            : line.GetValue(_id) is { } id ? SetAsync(name, id, invocation)
            : ShowAsync(name, invocation);
    }

    private async Task ListAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var names = await project.Names.ListAsync(invocation.CancellationToken);
        if (line.GetValue(_json))
        {
            terminal.WriteJson(stream => JsonOutput.WriteNames(stream, names));
        }
        else if (names.Count == 0)
        {
            terminal.Error.WriteLine("No names found.");
        }
        else
        {
            Write(terminal, NameTable.Columns, names);
        }
    }

    private async Task ShowAsync(string name, Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var named = await project.Names.GetAsync(name, invocation.CancellationToken);
        if (line.GetValue(_json))
        {
            terminal.WriteJson(stream => JsonOutput.WriteName(stream, named));
            return;
        }

        Write(terminal, NameTable.Columns, [named]);
        terminal.Output.WriteLine();
        Write(terminal, NameTable.HistoryColumns, named.History);
    }

    private async Task SetAsync(string name, string id, Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var checkpoint = await FindAsync(project, id, invocation.CancellationToken);
        var isProtected = line.GetResult(_protect) is null ? null : line.GetValue(_protect) ?? (bool?)true;
        var named = await project.Names.SetAsync(
            name, checkpoint, line.GetValue(_reason)!, isProtected, line.GetValue(_force), invocation.CancellationToken);
        if (line.GetValue(_json))
        {
            terminal.WriteJson(stream => JsonOutput.WriteName(stream, named));
        }
        else
        {
            terminal.Say($"Checkpoint {checkpoint.ShortId} of experiment {checkpoint.Experiment.ShortId} has the name {named.Name}");
        }
    }

    private async Task RemoveAsync(string name, Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var from = line.GetValue(_id) is { } id ? await FindAsync(project, id, invocation.CancellationToken) : null;
        await project.Names.RemoveAsync(name, from, line.GetValue(_reason)!, line.GetValue(_force), invocation.CancellationToken);
        if (!line.GetValue(_json))
        {
            terminal.Say($"Took the name {name} off");
        }
    }

    private static async Task<Checkpoint> FindAsync(Project project, string id, CancellationToken cancellationToken)
    {
        var match = await project.FindAsync(id, cancellationToken);
        return match.Choose().Checkpoint ?? throw new ReplicateException(
            ErrorKind.NotFound, ErrorIds.CheckpointNeeded, $"The experiment {match.Experiment.ShortId} has no checkpoint that could get a name.",
            "Name another experiment, or a checkpoint.");
    }

    private static void Write<T>(Terminal terminal, IReadOnlyList<TableColumn<T>> columns, IReadOnlyList<T> rows)
    {
        var (heading, lines) = TableLayout<T>.Of(columns, rows, terminal.Width);
        terminal.Output.WriteLine(heading);
        Array.ForEach(lines, terminal.Output.WriteLine);
    }
}
