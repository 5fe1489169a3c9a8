using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.PowerShell.Views;
using Replicate.Queries;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Checks out the files of an experiment, and those of a checkpoint over them, into a directory.</summary>
[Cmdlet(
    VerbsData.Restore, "ReplicateCheckpoint", DefaultParameterSetName = Unnamed,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[Alias("rrc")]
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

    /// <summary>Of an experiment, the best checkpoint by the primary metric; an error where it has none.</summary>
    [Parameter]
    public SwitchParameter Best { get; set; }

    /// <summary>Of an experiment, the latest checkpoint, whichever is best.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

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

    private CheckpointChoice Choice =>
        Best ? CheckpointChoice.Best : Latest ? CheckpointChoice.Latest : CheckpointChoice.BestElseLatest;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Best && Latest)
        {
            Refuse("ChoiceAmbiguous", "-Best and -Latest exclude each other.", "Give one of them, or neither for the best, else the latest.");
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var match in Matches)
        {
            if (!TryRun(match.Id, (_, _) => Task.FromResult(match.Choose(Choice)), out var chosen))
            {
                continue;
            }

            var options = new CheckOutOptions
            {
                OutputDirectory = OutputDirectory is null ? match.Experiment.Project.Directory : ResolvePath(OutputDirectory),
                Path = Path,
                Choice = Choice,
                Force = Force,
                MaxSize = MaxSize,
            };
            var source = Value.Escape(Source(match, chosen));
            if (ShouldProcess(options.OutputDirectory, $"Check out {source}") && CheckOut(match, source, options) is { } result)
            {
                Tell(result, source, isChosen: match.Checkpoint is null && chosen.Checkpoint is not null);
            }
        }
    }

    /// <summary>With <c>-Best</c> the best experiment, with <c>-Latest</c> the latest.</summary>
    private protected override IEnumerable<Match> MatchesOfAll(IReadOnlyList<Experiment> experiments)
    {
        if (!Best && !Latest)
        {
            Refuse(
                "ExperimentMissing", "No experiment or checkpoint is named.",
                "Name one, pipe one in, or take the best of all with -Best, or the latest with -Latest.");
        }

        var chosen = Best ? BestRun.Of(experiments) : experiments.MaxBy(experiment => experiment.Metadata.Created);
        if (chosen is null)
        {
            Refuse(
                ErrorIds.NoBestCheckpoint, "No experiment of the repository has a best checkpoint: none names a primary metric and has a number for it.",
                "Name a checkpoint, or record a primary metric.");
        }

        return [new Match(chosen, null)];
    }

    private static string Source(Match match, ChosenCheckpoint chosen) =>
        match.Checkpoint is not null ? $"checkpoint {chosen} of experiment {match.Experiment.ShortId}"
        : chosen.Checkpoint is not null ? $"experiment {match.Experiment.ShortId} with its checkpoint {chosen}"
        : $"experiment {match.Experiment.ShortId}";

    /// <summary>Checks out; where the directory is in use, asks first, if somebody can answer.</summary>
    /// <returns>What was checked out; null where it wasn't.</returns>
    private CheckOutResult? CheckOut(Match match, string source, CheckOutOptions options)
    {
        if (!options.Force && IsInUse(options.OutputDirectory!))
        {
            switch (Question.Ask(
                Host, "Check out",
                $"The directory '{options.OutputDirectory}' is not empty, and files in it may be overwritten. Check out {source} into it?",
                "Go on; files of the same name are overwritten."))
            {
                case true:
                    options = options with { Force = true };
                    break;
                case false:
                    WriteVerbose("Nothing was checked out.");
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

    private static bool IsInUse(string directory) =>
        Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any();

    private void Tell(CheckOutResult result, string source, bool isChosen)
    {
        WriteVerbose($"Checked out {result.Files.Count} files into {result.OutputDirectory}.");
        if (isChosen)
        {
            Say($"Checked out {source}");
        }

        if (result.Experiment.Command.Length > 0)
        {
            Say($"The experiment was run with: {Display.Line(result.Experiment.Command)}");
        }

        if (PassThru)
        {
            WriteObject(Shown.Of(result));
        }
    }

    /// <summary>Says something as Write-Host does.</summary>
    private void Say(string message) =>
        WriteInformation(new HostInformationMessage { Message = message, NoNewLine = false }, ["PSHOST"]);
}
