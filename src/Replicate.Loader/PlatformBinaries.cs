using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Replicate.Loader;

/// <summary>
/// Loads the module's assemblies from the folder of this platform, <c>linux-x64</c> say, where there is one beside this
/// assembly. PowerShell, which then asks for those beside this assembly, gets the loaded ones: they are the same assemblies,
/// and were compiled ahead of time for one platform, which no other would load.
/// </summary>
public sealed class PlatformBinaries : IModuleAssemblyInitializer
{
    private static readonly string[] Assemblies = ["Replicate.dll", "Replicate.PowerShell.dll"];

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Name is { } platform && Path.GetDirectoryName(typeof(PlatformBinaries).Assembly.Location) is { Length: > 0 } directory)
        {
            Load(Path.Combine(directory, platform));
        }
    }

    /// <summary>The folder of this platform's binaries; null for one that has none.</summary>
    private static string? Name => (System, RuntimeInformation.ProcessArchitecture) switch
    {
        // What is compiled for one C library may not be loaded with another.
        _ when RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) => null,
        ({ } system, Architecture.X64) => system + "-x64",
        ({ } system, Architecture.Arm64) => system + "-arm64",
        _ => null,
    };

    private static string? System =>
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : null;

    private static void Load(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        try
        {
            foreach (var assembly in Assemblies)
            {
                AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(directory, assembly));
            }
        }
        catch (Exception failure) when (failure is IOException or BadImageFormatException)
        {
            // The portable binaries do the same, and start a little later.
        }
    }
}
