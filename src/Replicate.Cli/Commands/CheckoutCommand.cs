using System.CommandLine;
using Replicate.Cli.Views;

namespace Replicate.Cli.Commands;

/// <summary><c>checkout</c>: copies saved files into a directory.</summary>
internal sealed class CheckoutCommand : Command
{
    private readonly Argument<string> _id = new("id")
    {
        Description = "An experiment, for its files and those of its best, else its latest checkpoint; or one of its checkpoints",
    };

    private readonly Option<string?> _outputDirectory = new("--output-directory", "-o")
    {
        Description = "Where the files go; otherwise the project directory",
        HelpName = "directory",
    };

    private readonly Option<string?> _path = new("--path")
    {
        Description = "One saved file or directory; otherwise all",
        HelpName = "path",
    };

    private readonly Option<bool> _best = new("--best") { Description = "Of an experiment, the best checkpoint; an error where it has none" };

    private readonly Option<bool> _latest = new("--latest") { Description = "Of an experiment, the latest checkpoint, whichever is best" };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "Write into a directory that is not empty, without asking" };

    private readonly Option<long?> _maxSize = new("--max-size")
    {
        Description = "How many bytes an archive may expand to; at least, and by default, 1,000 times its size or 1 GiB, whichever is more",
        HelpName = "bytes",
    };

    public CheckoutCommand(SharedOptions shared)
        : base("checkout", "Copy the files of an experiment or checkpoint into a directory")
    {
        Add(_id);
        Add(_outputDirectory);
        Add(_path);
        Add(_best);
        Add(_latest);
        Add(_force);
        Add(_maxSize);
        Validators.Add(line =>
        {
            if (line.GetValue(_best) && line.GetValue(_latest))
            {
                line.AddError("--best and --latest exclude each other.");
            }
        });
        SetAction(shared.Run(CheckOutAsync));
    }

    private async Task CheckOutAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        var match = await project.FindAsync(line.GetRequiredValue(_id), invocation.CancellationToken);
        var choice = line.GetValue(_best) ? CheckpointChoice.Best : line.GetValue(_latest) ? CheckpointChoice.Latest : CheckpointChoice.BestElseLatest;
        terminal.Say($"Checking out files from {Descriptions.Source(match, choice)}");

        var directory = line.GetValue(_outputDirectory);
        var options = new CheckOutOptions
        {
            OutputDirectory = directory is null ? null : Path.GetFullPath(directory, invocation.WorkingDirectory),
            Path = line.GetValue(_path),
            Choice = choice,
            Force = line.GetValue(_force),
            MaxSize = line.GetValue(_maxSize),
        };
        CheckOutResult result;
        try
        {
            result = await CheckOutAsync(match, options, invocation);
        }
        catch (ReplicateException error) when (error.Id == ErrorIds.DirectoryNotEmpty && terminal.CanAsk)
        {
            terminal.Warn($"{error.Message} Files in it may be overwritten: make sure that they are saved elsewhere.");
            await terminal.ConfirmAsync("Nothing was checked out.", invocation.CancellationToken);
            result = await CheckOutAsync(match, options with { Force = true }, invocation);
        }

        terminal.Say($"Wrote {Amounts.Of(result.Files.Count, "file")} into {result.OutputDirectory}");
        if (match.Experiment.Command.Length > 0)
        {
            terminal.Say($"\nThe experiment was run with:\n\n  {Value.Escape(match.Experiment.Command)}\n");
        }
    }

    private static Task<CheckOutResult> CheckOutAsync(Match match, CheckOutOptions options, Invocation invocation) =>
        invocation.Terminal.WithProgressAsync(progress =>
            match.Experiment.CheckOutAsync(match.Checkpoint, options, progress, invocation.CancellationToken));
}
