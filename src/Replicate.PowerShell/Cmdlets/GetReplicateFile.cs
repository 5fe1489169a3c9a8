using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Lists the files saved with experiments or checkpoints.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateFile", DefaultParameterSetName = ByExperiment)]
[OutputType(typeof(SavedFile))]
public sealed class GetReplicateFile : MatchCmdlet
{
    /// <summary>Only these files and directories, wildcards included.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SavedPathCompleter))]
    public string[]? Path { get; set; }

    /// <summary>How many bytes an archive may expand to; by default, and at least, 1,000 times its size or 1 GiB, whichever is more.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MaxSize { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var includes = SavedPaths.Including(Path);
        foreach (var match in Matches)
        {
            if (!TryRun(match.Id, (_, token) => match.Experiment.ListFilesAsync(match.Checkpoint, MaxSize, token), out var files))
            {
                continue;
            }

            WriteObject(files.Where(file => includes(file.Path)).Select(Shown.Of), enumerateCollection: true);
        }
    }
}
