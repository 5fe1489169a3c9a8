using System.CommandLine;

namespace Replicate.Cli;

/// <summary>The options of every command, and what every command does around its own work.</summary>
internal sealed class SharedOptions(Terminal terminal, string workingDirectory)
{
    private readonly Option<string?> _repository = new("--repository", "-R")
    {
        Description = "The repository, such as s3://bucket or file://path; otherwise what the configuration file says",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _projectDirectory = new("--project-directory", "-D")
    {
        Description = "The project directory; otherwise the nearest one upwards with a configuration file",
        HelpName = "directory",
        Recursive = true,
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Tell what is read and written where",
        Recursive = true,
        Arity = ArgumentArity.Zero,
    };

    private readonly Option<bool> _color = new("--color")
    {
        Description = "Colour the output on a terminal; --color=false never does",
        Recursive = true,
        DefaultValueFactory = _ => true,
    };

    /// <summary>Makes the options known to the root and all below it.</summary>
    public void AddTo(Command root)
    {
        root.Add(_repository);
        root.Add(_projectDirectory);
        root.Add(_verbose);
        root.Add(_color);
    }

    /// <summary>Makes a command's work the action of its command line.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Run(Func<Invocation, Task> work) => Run(
        async invocation =>
        {
            await work(invocation);
            return ExitCode.Success;
        },
        _ => ExitCode.Error);

    /// <summary>Makes a command's work, which returns an exit code, the action of its command line.</summary>
    /// <param name="work">The work.</param>
    /// <param name="exitCodeOf">The exit code for an error.</param>
    public Func<ParseResult, CancellationToken, Task<int>> Run(
        Func<Invocation, Task<int>> work, Func<Exception, int> exitCodeOf) => async (line, cancellationToken) =>
    {
        terminal.IsVerbose = line.GetValue(_verbose);
        terminal.Color &= line.GetValue(_color);
        using var log = Log.SendTo(terminal);
        try
        {
            var project = Project.Open(workingDirectory, line.GetValue(_repository), line.GetValue(_projectDirectory));
            var exitCode = await work(new Invocation(line, project, terminal, workingDirectory, cancellationToken));
            terminal.Output.Flush();
            await SendWhatWaitsAsync(project, cancellationToken);
            return exitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception error)
        {
            terminal.Fail(error);
            return exitCodeOf(error);
        }
    };

    /// <summary>Sends what an ended or killed run left on this machine; where that fails, it goes on waiting.</summary>
    private async Task SendWhatWaitsAsync(Project project, CancellationToken cancellationToken)
    {
        try
        {
            await terminal.WithProgressAsync(progress => project.SendWaitingAsync(progress, cancellationToken));
        }
        catch (ReplicateException error)
        {
            terminal.Warn($"What earlier runs recorded still waits on this machine: {error.Message}");
        }
    }
}
