using System.Collections;
using System.IO.Compression;
using System.Management.Automation;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.Runs;

namespace Replicate.PowerShell.Cmdlets.Base;

/// <summary>A cmdlet that creates experiments: what is recorded with each beside params and files.</summary>
public abstract class CreatingCmdlet : ReplicateCmdlet
{
    /// <summary>The command to record; by default the outermost script with its arguments, else what was typed.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Command { get; set; }

    /// <summary>The checkpoint to go on from, which is checked out, or an experiment for its best, else its latest.</summary>
    [Parameter]
    [CheckpointId]
    [ArgumentCompleter(typeof(IdCompleter))]
    public string? From { get; set; }

    /// <summary>Files and directories that it reads and that are not saved, or objects as <c>s3://bucket/key</c>: their SHA-256 or version is recorded.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Input { get; set; } = [];

    /// <summary>Tags of the experiment.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>A note on the experiment.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Note { get; set; } = "";

    /// <summary>How hard to compress what is saved; what cannot be compressed is stored as it is.</summary>
    [Parameter]
    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.Optimal;

    /// <summary>The command where none is given; empty leaves it to the engine.</summary>
    private protected virtual string DefaultCommand => CommandLine.Of(this, Project.Directory);

    /// <summary>What an experiment is created with. Checks out what it goes on from.</summary>
    /// <param name="parameters">Its params.</param>
    /// <param name="path">What is saved with it, as it was given.</param>
    private protected ExperimentOptions OptionsFor(IDictionary? parameters, string? path) => new()
    {
        Params = parameters,
        Path = path is null ? null : ToRecordedPath(path),
        CompressionLevel = CompressionLevel,
        Command = Command ?? DefaultCommand,
        From = CheckOutParent(),
        Tags = Tag,
        Inputs = Input.Select(input => input.Contains("://", StringComparison.Ordinal) ? input : ResolvePath(input)),
        Note = Note,
        Environment = ShellFacts.Of(this),
    };

    private Checkpoint? CheckOutParent()
    {
        var project = Project;
        return From is null ? null : Run((_, token) => TrainingRun.CheckOutParentAsync(project, From, token), From);
    }
}
