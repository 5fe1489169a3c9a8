using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.Runs;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Writes lines to the log of an experiment.</summary>
[Cmdlet(VerbsCommunications.Write, "ReplicateLog", DefaultParameterSetName = ByEnvironment)]
[OutputType(typeof(object))]
public sealed class WriteReplicateLog : ReplicateCmdlet
{
    private const string ByEnvironment = "Environment";
    private const string ById = "Id";
    private const string ByExperiment = "Experiment";

    private LogWriter? _log;

    /// <summary>What is written: texts of one line or several, or anything else as a text. Error records go to the error output.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[] InputObject { get; set; } = [];

    /// <summary>The experiment, by its id or the beginning of it; by default the one whose run this is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public string Id { get; set; } = "";

    /// <summary>The experiment as an object.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExperiment)]
    [ValidateNotNull]
    public Experiment? Experiment { get; set; }

    /// <summary>Writes lines of the error output.</summary>
    [Parameter]
    public SwitchParameter Error { get; set; }

    /// <summary>Emits what it writes, too.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        var project = Project;
        var id = ParameterSetName == ById ? Id : ParameterSetName == ByExperiment ? "" : CurrentId();
        _log = Run(async (_, token) => await (Experiment ?? await project.Experiments.GetAsync(id, token)).OpenLogAsync(token), id);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in InputObject)
        {
            _log!.Write(item?.ToString() ?? "", Error || (item as PSObject)?.BaseObject is ErrorRecord);
            if (PassThru)
            {
                WriteObject(item);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(async (_, _) =>
    {
        await _log!.FlushAsync();
        return true;
    });

    private string CurrentId()
    {
        var id = Environment.GetEnvironmentVariable(TrainingRun.ExperimentVariable);
        if (string.IsNullOrEmpty(id))
        {
            Refuse(
                "ExperimentMissing", $"No experiment is named, and {TrainingRun.ExperimentVariable} is not set.",
                "Name one with -Experiment or -Id.");
        }

        return id;
    }
}
