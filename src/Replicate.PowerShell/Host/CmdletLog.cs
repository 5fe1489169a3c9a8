using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>Says what the engine has to say where it is called on the pipeline's own thread.</summary>
internal sealed class CmdletLog(Cmdlet cmdlet) : ILogSink
{
    /// <inheritdoc/>
    public void Warn(string message) => cmdlet.WriteWarning(message);

    /// <inheritdoc/>
    public void Verbose(string message) => cmdlet.WriteVerbose(message);
}
