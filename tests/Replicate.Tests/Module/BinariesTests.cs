using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Replicate.Tests.Support;

namespace Replicate.Tests.Module;

/// <summary>A module shares its process with others: what it brings along, and what it asks for, is part of the contract.</summary>
public class BinariesTests
{
    private static readonly string[] Own = ["Replicate.dll", "Replicate.PowerShell.dll"];

    [Fact]
    public void Beside_the_engine_and_the_cmdlets_there_is_no_assembly() =>
        Assert.Equal(Own.Order(), Directory.EnumerateFiles(Binaries(), "*.dll").Select(Path.GetFileName).Order());

    [Fact]
    public void Packages_are_among_the_adapters()
    {
        var adapters = Directory.EnumerateFiles(Path.Combine(Binaries(), "adapters"), "*.dll").Select(Path.GetFileName).ToList();
        Assert.Contains("Replicate.Adapters.dll", adapters);
        Assert.Contains("YamlDotNet.dll", adapters);
        Assert.DoesNotContain("Replicate.dll", adapters);
    }

    [Fact]
    public void Engine_and_cmdlets_refer_to_the_runtime_and_PowerShell_alone() =>
        Assert.All(Own.SelectMany(file => References(Path.Combine(Binaries(), file))), name => Assert.True(
            name.StartsWith("System", StringComparison.Ordinal) || name is "Replicate" or "netstandard" or "Microsoft.Win32.Primitives", name));

    [Fact]
    public void The_engine_has_no_package()
    {
        var project = XDocument.Load(Path.Combine(Checkout.Root, "src", "Replicate", "Replicate.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
    }

    [Fact]
    public void What_runs_from_the_checkout_is_compiled_ahead_of_time()
    {
        Assert.SkipUnless(RuntimeInformation.RuntimeIdentifier is "linux-x64" or "linux-arm64" or "win-x64" or "osx-arm64", "Nothing is compiled ahead of time for this platform.");
        Assert.All(Own, file => Assert.True(IsCompiled(Path.Combine(Binaries(), file)), file));
        Assert.True(IsCompiled(Path.Combine(Checkout.Root, "out", "cli", "Replicate.dll")), "the command");
    }

    private static bool IsCompiled(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    private static string Binaries()
    {
        var directory = Path.Combine(Checkout.Root, "bin");
        Assert.SkipUnless(Directory.Exists(directory), "The module's binaries are put in place by build.sh or build.ps1.");
        return directory;
    }

    private static List<string> References(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
