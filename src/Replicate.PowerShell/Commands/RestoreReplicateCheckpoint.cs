using System.Management.Automation;
using System.Management.Automation.Host;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Objects;

namespace Replicate.PowerShell.Commands;

/// <summary>Checks out the files of an experiment, and those of a checkpoint over them, into a directory.</summary>
[Cmdlet(
    VerbsData.Restore, "ReplicateCheckpoint", DefaultParameterSetName = ByExperiment,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CheckOutResult))]
public sealed class RestoreReplicateCheckpoint : MatchCmdlet
{
    /// <summary>The directory to check out into; by default the project directory. Created where it is missing.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? OutputDirectory { get; set; }

    /// <summary>One saved file or directory; by default all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SavedPathCompleter))]
    public string? Path { get; set; }

    /// <summary>Checks out into a directory that is not empty without asking; files of the same name are overwritten.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How many bytes an archive may expand to; by default, and at least, 1,000 times its size or 1 GiB, whichever is more.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MaxSize { get; set; }

    /// <summary>Emits what was checked out: the directory and its new files.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var match in Matches)
        {
            var options = new CheckOutOptions
            {
                OutputDirectory = OutputDirectory is null ? match.Experiment.Project.Directory : ResolvePath(OutputDirectory),
                Path = Path,
                Force = Force,
                MaxSize = MaxSize,
            };
            if (ShouldProcess(options.OutputDirectory, $"Check out {Name(match)}") && CheckOut(match, options) is { } result)
            {
                Tell(result);
            }
        }
    }

    private static string Name(Match match) => match.Checkpoint is { } checkpoint
        ? $"checkpoint {checkpoint} of experiment {match.Experiment.ShortId}"
        : $"experiment {match.Experiment.ShortId}";

    /// <summary>Checks out; where the directory is in use, asks first, if somebody can answer.</summary>
    /// <returns>What was checked out; null where it wasn't.</returns>
    private CheckOutResult? CheckOut(Match match, CheckOutOptions options)
    {
        if (!options.Force && IsInUse(options.OutputDirectory!))
        {
            switch (Ask($"The directory '{options.OutputDirectory}' is not empty, and files in it may be overwritten. Check out {Name(match)} into it?"))
            {
                case true:
                    options = options with { Force = true };
                    break;
                case false:
                    return null;
                default:
                    // Nobody is there to be asked: the engine refuses, and says what to do.
                    break;
            }
        }

        return TryRun(
            match.Id,
            (progress, token) => match.Experiment.CheckOutAsync(match.Checkpoint, options, progress, token),
            out var result) ? result : null;
    }

    /// <summary>The answer of whoever sits at the console; null where nobody does.</summary>
    private bool? Ask(string question)
    {
        if (Console.IsInputRedirected)
        {
            return null;
        }

        try
        {
            return ShouldContinue(question, "Check out");
        }
        catch (Exception error) when (error is PSInvalidOperationException or PSNotImplementedException or HostException)
        {
            return null;
        }
    }

    private static bool IsInUse(string directory) =>
        Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any();

    private void Tell(CheckOutResult result)
    {
        WriteVerbose($"Checked out {result.Files.Count} files into {result.OutputDirectory}.");
        if (result.Experiment.Command.Length > 0)
        {
            var command = Display.Line(result.Experiment.Command);
            WriteInformation(new HostInformationMessage { Message = $"The experiment was run with: {command}", NoNewLine = false }, ["PSHOST"]);
        }

        if (PassThru)
        {
            WriteObject(result);
        }
    }
}
