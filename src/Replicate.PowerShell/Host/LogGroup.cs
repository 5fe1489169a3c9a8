using System.Management.Automation.Host;

namespace Replicate.PowerShell.Host;

/// <summary>A group in the log of a pipeline, until it is disposed; nothing outside one.</summary>
internal sealed class LogGroup : IDisposable
{
    private readonly CiJob? _pipeline = CiJob.Current;
    private readonly PSHostUserInterface _host;

    internal LogGroup(PSHostUserInterface host, string title)
    {
        _host = host;
        if (_pipeline is not null)
        {
            host.WriteLine(_pipeline.BeginGroup(title));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pipeline is not null)
        {
            _host.WriteLine(_pipeline.EndGroup);
        }
    }
}
