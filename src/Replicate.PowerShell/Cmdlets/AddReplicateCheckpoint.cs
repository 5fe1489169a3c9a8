using System.Collections;
using System.IO.Compression;
using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.PowerShell.Views;
using Replicate.Runs;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Records metrics and files of a running experiment.</summary>
[Cmdlet(
    VerbsCommon.Add, "ReplicateCheckpoint", DefaultParameterSetName = ByEnvironment,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[Alias("arc")]
[OutputType(typeof(Checkpoint))]
public sealed class AddReplicateCheckpoint : ExperimentCmdlet
{
    private const string ByEnvironment = "Environment";

    /// <summary>The metrics: a hashtable or an object with properties.</summary>
    [Parameter]
    [RecordedValues]
    public IDictionary? Metrics { get; set; }

    /// <summary>A file or directory to save, relative to the project directory or absolute inside it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>A file or directory to save, as <c>Get-Item</c> gives it.</summary>
    [Parameter(ValueFromPipeline = true)]
    public FileSystemInfo? File { get; set; }

    /// <summary>The training step; by default one more than that of the last checkpoint, from 0.</summary>
    [Parameter]
    [WholeNumber]
    public long? Step { get; set; }

    /// <summary>The metric that decides which checkpoint is best.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MetricCompleter))]
    public string? PrimaryMetric { get; set; }

    /// <summary>Whether less or more of the primary metric is better: <c>minimize</c>, which is the default, or <c>maximize</c>.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GoalCompleter))]
    public string? Goal { get; set; }

    /// <summary>How hard to compress what is saved; what cannot be compressed is stored as it is.</summary>
    [Parameter]
    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.Optimal;

    /// <summary>Emits the checkpoint.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Makes what was recorded survive a power failure before it returns.</summary>
    [Parameter]
    public SwitchParameter Durable { get; set; }

    /// <summary>Waits until a remote repository has it.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Path is not null && File is not null)
        {
            Refuse("PathAmbiguous", $"Both the path '{Path}' and the file '{File.FullName}' were given.", "Give one of them.");
        }

        var options = new CheckpointOptions
        {
            Metrics = Metrics,
            Path = File?.FullName ?? (Path is null ? null : ToRecordedPath(Path)),
            CompressionLevel = CompressionLevel,
            Step = Step,
            IsDurable = Durable,
            PrimaryMetric = PrimaryMetricOf(PrimaryMetric, Goal),
        };
        foreach (var experiment in ParameterSetName == ByEnvironment ? FindExperiments([CurrentId()]) : Experiments)
        {
            if (!ShouldProcess($"experiment {experiment.ShortId} in {experiment.Project.Repository}", "Add a checkpoint")
                || !TryRun(experiment, (progress, token) => experiment.CheckpointAsync(options, progress, token), out var checkpoint))
            {
                continue;
            }

            if (Wait)
            {
                TryRun(experiment, (progress, token) => experiment.SyncAsync(progress, token));
            }

            Listing.Update(experiment);
            if (PassThru)
            {
                WriteListing(checkpoint);
            }
        }
    }

    /// <summary>A store that fails, or an experiment that is gone, must not end the training; wrong arguments do.</summary>
    private protected override bool EndsPipeline(Exception error) => error is ReplicateException ours
        ? ours is { Kind: ErrorKind.InvalidArgument } or { Id: ErrorIds.PathNotFound }
        : ErrorRecords.From(error, null) is null;

    private string CurrentId()
    {
        var id = Environment.GetEnvironmentVariable(TrainingRun.ExperimentVariable);
        if (string.IsNullOrEmpty(id))
        {
            Refuse(
                "ExperimentMissing", $"No experiment is named, and {TrainingRun.ExperimentVariable} is not set.",
                "Pipe an experiment in, or name one with -Experiment or -Id.");
        }

        return id;
    }
}
