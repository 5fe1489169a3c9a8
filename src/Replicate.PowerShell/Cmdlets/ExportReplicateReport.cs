using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.Reports;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Writes one self-contained HTML page about many experiments.</summary>
[Cmdlet(
    VerbsData.Export, "ReplicateReport", DefaultParameterSetName = List, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportReplicateReport : ReplicateCmdlet
{
    private const string List = "List";
    private const string ByExperiment = "Experiment";

    private readonly List<Experiment> _chosen = [];
    private Project? _project;

    /// <summary>The file to write, such as <c>report.html</c>; one that is there is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string OutFile { get; set; } = "";

    /// <summary>The experiments, from the pipeline or a variable; by default all of the repository.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExperiment, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public Experiment[] Experiment { get; set; } = [];

    /// <summary>Conditions that must all hold, such as <c>'loss &lt; 0.2'</c> or <c>{ $_.loss -lt 0.2 }</c>.</summary>
    [Parameter(ParameterSetName = List)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public ExperimentCondition[] Filter { get; set; } = [];

    /// <summary>The name to sort by, with an optional <c>-desc</c> or <c>-asc</c>; by default the page has the best first.</summary>
    [Parameter(ParameterSetName = List)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SortCompleter))]
    public string? Sort { get; set; }

    /// <summary>The heading of the page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Experiments";

    /// <summary>Leaves the saved files out, and reads no tarball.</summary>
    [Parameter]
    public SwitchParameter NoCode { get; set; }

    /// <summary>Lists and compares the files of each experiment's best and latest checkpoint, too.</summary>
    [Parameter]
    public SwitchParameter CheckpointFiles { get; set; }

    /// <summary>Writes the page again and again, until it is stopped; the open page follows by reloading itself.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    /// <summary>With <c>-Watch</c>, how many seconds to wait before the next time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int Interval { get; set; } = 10;

    /// <summary>Creates the directory where it is missing, and replaces a file that is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _chosen.AddRange(Experiment);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var file = new FileInfo(ResolvePath(OutFile));
        if (!ShouldProcess(file.FullName, "Write a report"))
        {
            return;
        }

        MakeWritable(file);
        // A pipeline that nothing came down is a report of nothing, not of all.
        _project = Project;
        var isPiped = ParameterSetName == ByExperiment || MyInvocation.ExpectingInput;
        var report = new Report(new ReportOptions
        {
            Title = Title, IncludesCode = !NoCode, IncludesCheckpointFiles = CheckpointFiles, KeepsOrder = Sort is not null,
            IsSelection = isPiped || Filter.Length > 0,
        });
        RunWithPump(
            async (pump, token) =>
            {
                var list = isPiped ? FromPipeline() : FromRepository(pump);
                if (Watch)
                {
                    await report.WatchAsync(list, file.FullName, TimeSpan.FromSeconds(Interval), pump, token);
                }

                await report.WriteAsync(await list(token), file.FullName, pump, token);
                return true;
            },
            file);
        if (PassThru)
        {
            file.Refresh();
            WriteObject(file);
        }
    }

    private Func<CancellationToken, Task<IReadOnlyList<Experiment>>> FromRepository(EnginePump pump)
    {
        var query = new ExperimentQuery { Filter = ExperimentCondition.TextsOf(Filter), Sort = Sort };
        return async token =>
        {
            var found = await _project!.Experiments.ListAsync(query, cancellationToken: token);
            return ExperimentCondition.HasBlocks(Filter) ? await pump.CallAsync(() => ExperimentCondition.Choose(Filter, found)) : found;
        };
    }

    /// <summary>What came down the pipeline, which a watched report reads again.</summary>
    private Func<CancellationToken, Task<IReadOnlyList<Experiment>>> FromPipeline() => async token =>
    {
        if (!Watch)
        {
            return _chosen;
        }

        var found = new Dictionary<string, Experiment>();
        foreach (var project in _chosen.Select(experiment => experiment.Project).DistinctBy(project => project.Repository))
        {
            foreach (var experiment in await project.Experiments.ListAsync(cancellationToken: token))
            {
                found[experiment.Id] = experiment;
            }
        }

        return [.. _chosen.Select(experiment => found.GetValueOrDefault(experiment.Id)).OfType<Experiment>()];
    };

    private void MakeWritable(FileInfo file)
    {
        if (Directory.Exists(file.FullName))
        {
            Refuse("NotAFile", $"'{file.FullName}' is a directory, not a file.", "Name a file to write the report to.", file);
        }

        if (Force)
        {
            file.Directory!.Create();
        }

        if (file is { Exists: true, IsReadOnly: true })
        {
            if (!Force)
            {
                Refuse("FileReadOnly", $"'{file.FullName}' is read-only.", "Name another file, or replace this one with -Force.", file);
            }

            file.IsReadOnly = false;
        }
    }
}
