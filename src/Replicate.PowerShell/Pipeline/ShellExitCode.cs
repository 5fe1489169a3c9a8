using System.Management.Automation;

namespace Replicate.PowerShell.Pipeline;

/// <summary><c>$LASTEXITCODE</c>: what a program of a script block leaves behind, and what a run or a sweep comes to.</summary>
internal sealed class ShellExitCode(SessionState session)
{
    private int _code;

    /// <summary>Its value now; 0 where no program ran yet.</summary>
    internal int Last
    {
        get => session.PSVariable.GetValue("global:LASTEXITCODE") as int? ?? 0;
        set => session.PSVariable.Set("global:LASTEXITCODE", value);
    }

    /// <summary>Sets what a run came to; a failure in a sweep isn't covered by what succeeds after it.</summary>
    internal void Set(int code) => Last = _code = code != 0 ? code : _code;
}
