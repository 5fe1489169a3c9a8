using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Replicate.Cli.Commands;

namespace Replicate.Cli;

/// <summary>The command <c>replicate</c> with its subcommands.</summary>
internal static class ReplicateCommand
{
    /// <summary>Runs a command line.</summary>
    /// <returns>0, or 1 for an error, 2 for wrong usage, 130 when interrupted.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, Terminal terminal, string workingDirectory,
        CancellationToken cancellationToken = default)
    {
        var shared = new SharedOptions(terminal, workingDirectory);
        var line = ProgramLine.Parse(Create(shared), arguments);
        if (line.Action is ParseErrorAction)
        {
            return RefuseUsage(line, line.Errors.Select(error => error.Message), terminal);
        }

        if (ProgramLine.UnknownOption(line) is { } unknown)
        {
            return RefuseUsage(line, [$"'{unknown}' is no option of 'run'; a program with such a name goes behind '--'."], terminal);
        }

        var streams = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        if (line.CommandResult.Command is RunCommand)
        {
            // The program that is run gets the signals, and takes the time it needs.
            streams.ProcessTerminationTimeout = null;
        }

        return await line.InvokeAsync(streams, cancellationToken);
    }

    private static Command Create(SharedOptions shared)
    {
        // Not a RootCommand, which would call itself after the assembly.
        var root = new Command("replicate", "Version control for machine learning: looks at, compares and checks out experiments.");
        var help = new HelpOption("--help", "-h") { Recursive = true, Description = "Show what a command does and takes" };
        root.Add(help);
        root.Add(new VersionOption("--version") { Description = "Show the version", Action = new ShowVersion() });
        shared.AddTo(root);
        root.Add(new ListCommand(shared, "ls", "list", "List the experiments of the project"));
        root.Add(new ListCommand(shared, "ps", "processes", "List the experiments that are running", "status = running"));
        root.Add(new ShowCommand(shared));
        root.Add(new LogsCommand(shared));
        root.Add(new DiffCommand(shared));
        root.Add(new CheckoutCommand(shared));
        root.Add(new RemoveCommand(shared));
        root.Add(new NameCommand(shared));
        root.Add(new RunCommand(shared));
        root.Add(new SweepsCommand(shared));
        root.SetAction(line => ((SynchronousCommandLineAction)help.Action!).Invoke(line));
        return root;
    }

    private static int RefuseUsage(ParseResult line, IEnumerable<string> errors, Terminal terminal)
    {
        foreach (var error in errors)
        {
            terminal.Error.WriteLine($"Error: {error}");
        }

        var command = line.CommandResult.Command;
        terminal.Error.WriteLine(
            $"Run 'replicate{(command.Parents.Any() ? " " + command.Name : "")} --help' to see what can be given.");
        return ExitCode.WrongUsage;
    }

    private sealed class ShowVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(
                $"replicate {typeof(Project).Assembly.GetName().Version?.ToString(fieldCount: 3)}");
            return ExitCode.Success;
        }
    }
}
