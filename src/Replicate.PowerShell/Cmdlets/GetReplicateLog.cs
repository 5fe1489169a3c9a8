using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Host;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Gets what runs wrote: the lines of their output and error output, with their times, also while they go on.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateLog", DefaultParameterSetName = ByExperiment)]
[OutputType(typeof(LogLine))]
public sealed class GetReplicateLog : MatchCmdlet
{
    private const int BatchLength = 256;

    /// <summary>Only the last lines, so many; no more of the log is read than has them.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Goes on until the run ends, with each line as it comes.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Only lines of the error output.</summary>
    [Parameter]
    public SwitchParameter Error { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var match in Matches)
        {
            RunWithPump((pump, token) => WriteAsync(match.Experiment, pump, token), match.Experiment);
        }
    }

    private async Task<bool> WriteAsync(Experiment experiment, EnginePump pump, CancellationToken token)
    {
        var batch = new List<LogLine>();
        if (Tail is { } count && !Follow)
        {
            batch.AddRange(await experiment.ReadLogEndAsync(count, Error, token));
        }
        else
        {
            await foreach (var line in Follow ? experiment.FollowLogAsync(Tail, Error, token) : experiment.ReadLogAsync(Error, token))
            {
                batch.Add(line);

                // The log is read no faster than the pipeline takes it; who follows gets each line as it comes.
                if (Follow || batch.Count == BatchLength)
                {
                    await WriteAsync(batch, pump);
                }
            }
        }

        return await WriteAsync(batch, pump);
    }

    private Task<bool> WriteAsync(List<LogLine> batch, EnginePump pump) => pump.CallAsync(() =>
    {
        batch.ForEach(line => WriteObject(Shown.Of(line)));
        batch.Clear();
        return true;
    });
}
