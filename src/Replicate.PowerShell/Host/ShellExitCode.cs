using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary><c>$LASTEXITCODE</c>: what a program of a script block leaves behind, and what a run or a sweep comes to.</summary>
internal sealed class ShellExitCode(SessionState session)
{
    private const int NoCode = 1;

    private int _code;

    /// <summary>Its value now; 0 where no program ran yet.</summary>
    internal int Last
    {
        get => session.PSVariable.GetValue("global:LASTEXITCODE") as int? ?? 0;
        set => session.PSVariable.Set("global:LASTEXITCODE", value);
    }

    /// <summary>Sets what a run came to; a failure in a sweep isn't covered by what succeeds after it.</summary>
    internal void Set(int code) => Last = _code = code != 0 ? code : _code;

    /// <summary>
    /// The exit code of a block that an error ended: that of the program whose failure was the error, else of the one before, which
    /// a script then complains of in words of its own; 1 where no program failed.
    /// </summary>
    internal int Of(RuntimeException error) => CodeIn(error, depth: 0) ?? (Last != 0 ? Last : NoCode);

    /// <summary>Whether an error says no more than that a program failed.</summary>
    internal static bool IsOfProgram(RuntimeException error) => CodeIn(error, depth: 0) is not null;

    // An error that a script threw again, or a preference made of another, has that other inside. PowerShell's own type of it is
    // newer than what this module is compiled against.
    private static int? CodeIn(Exception? error, int depth)
    {
        const int DeepEnough = 16;
        if (error is null || depth == DeepEnough)
        {
            return null;
        }

        if (error.GetType().Name == "NativeCommandExitException" && PSObject.AsPSObject(error).Properties["ExitCode"]?.Value is int code)
        {
            return code;
        }

        var record = (error as IContainsErrorRecord)?.ErrorRecord?.Exception;
        return CodeIn(error.InnerException, depth + 1) ?? (ReferenceEquals(record, error) ? null : CodeIn(record, depth + 1));
    }
}
