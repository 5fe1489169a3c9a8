using System.Diagnostics;

namespace Replicate.Tests.Support;

/// <summary>How the assembly of a program is started.</summary>
internal static class AssemblyProgram
{
    /// <summary>By <c>dotnet</c>, or on Windows by the program beside it: a machine may have the runtime alone.</summary>
    /// <param name="assembly">Its absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Start(string assembly, params IEnumerable<string> arguments) =>
        OperatingSystem.IsWindows()
            ? new ProcessStartInfo(Path.ChangeExtension(assembly, ".exe"), arguments)
            : new ProcessStartInfo("dotnet", [assembly, .. arguments]);
}
