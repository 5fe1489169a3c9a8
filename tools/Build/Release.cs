using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Replicate.Build;

/// <summary>Everything that somebody installs, from one build and of one version, in out/release.</summary>
internal static class Release
{
    private static readonly string[] Platforms = ["win-x64", "linux-x64", "linux-arm64", "osx-arm64"];

    // Not what the runtime calls the platform: one that a distribution built names the distribution.
    private static string ThisPlatform =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string Output { get; } = Shell.At("out", "release");

    /// <summary>Makes all of it.</summary>
    /// <param name="options">
    /// <c>--here</c> compiles for the platform of this machine alone; <c>--built</c> takes the build that is there.
    /// </param>
    public static int Make(string[] options)
    {
        var here = options.Contains("--here");
        if (!options.Contains("--built") && Tasks.Build() is var code and not 0)
        {
            return code;
        }

        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }

        Directory.CreateDirectory(Output);
        string[] platforms = here ? [ThisPlatform] : Platforms;
        Module(platforms);
        Library();
        Command(platforms);
        Extension();
        HelpFiles();
        File.Copy(Shell.At("out", "packing", "sbom.cdx.json"), Path.Combine(Output, $"replicate-{ReleaseVersion.Number}-sbom.cdx.json"));
        WriteChecksums();
        return 0;
    }

    /// <summary>Makes the folder out/Replicate that is published. The checkout was built before.</summary>
    /// <param name="platforms">What it is compiled for ahead of time.</param>
    public static void ModuleFolder(params string[] platforms)
    {
        PackingFiles.Make();
        Shell.Require("dotnet",
        [
            "msbuild", "build.proj", "-t:Package", "-v:quiet", "-nologo", "-p:Built=true",
            // A semicolon would end the property.
            $"-p:Platforms={string.Join("%3B", platforms is [] ? Platforms : platforms)}",
        ]);
        Script("test-package.ps1", Shell.At("out", "Replicate"));
    }

    private static void Module(string[] platforms)
    {
        ModuleFolder(platforms);
        Script("pack-module.ps1", Shell.At("out", "Replicate"), Output);
    }

    private static void Library() => Pack("src/Replicate", "--no-build");

    private static void Command(string[] platforms)
    {
        Pack("src/Replicate.Cli", ["-p:PackAsTool=true", "-p:PublishReadyToRun=false", .. Restored("tool")]);
        foreach (var platform in platforms)
        {
            var directory = Shell.At("out", "single", platform);
            Shell.Require("dotnet",
            [
                "publish", "src/Replicate.Cli", "-c", "Release", "-v", "quiet", "-nologo", "-clp:NoSummary", "-r", platform,
                "--self-contained", "-p:PublishSingleFile=true", "-p:DebugType=none", "-p:PublishDocumentationFiles=false", "-p:RunAnalyzers=false",
                $"-p:PublishDir={directory}/", .. Restored("single/" + platform),
            ]);
            CommandArchive.Write(platform, platform, Directory.GetFiles(directory, "replicate*").Single(), Output);
        }

        // Beside the other: it runs only where the C library is as new as this machine's.
        if (NativeCommand.TryCompile())
        {
            CommandArchive.Write(ThisPlatform, $"{ThisPlatform}-native", NativeCommand.Path, Output);
        }
    }

    private static void Extension()
    {
        var directory = ExtensionFolder.Make();
        if (NodeTool.Path("tfx") is { } tfx)
        {
            Shell.Read(tfx, ["extension", "create", "--root", directory, "--manifest-globs", "vss-extension.json", "--output-path", Output, "--no-color", "--no-prompt"]);
        }
        else
        {
            Console.WriteLine("The extension for Azure DevOps is not packed: that takes Node with npm.");
        }
    }

    /// <summary>What Update-Help downloads, which is a file that names the pages' version, and the pages.</summary>
    private static void HelpFiles() => Script("pack-help.ps1", Shell.At("out", "Replicate"), Output, ReleaseVersion.Address);

    /// <summary>
    /// Properties for a project that is restored for other platforms than the build's, without undoing what the build restored.
    /// </summary>
    private static string[] Restored(string folder) =>
    [
        $"-p:MSBuildProjectExtensionsPath=obj/{folder}/", $"-p:NuGetLockFilePath=obj/{folder}/packages.lock.json", "-p:RestoreLockedMode=false",
    ];

    private static void Pack(string project, params string[] options) => Shell.Require(
        "dotnet", ["pack", project, "-c", "Release", "-v", "quiet", "-nologo", "-clp:NoSummary", "-p:RunAnalyzers=false", .. options]);

    private static void Script(string name, params string[] arguments)
    {
        if (PowerShellHost.Run(Shell.At("tools", name), arguments) is var code and not 0)
        {
            throw new TaskFailedException($"'tools/{name}' ended with exit code {code}.");
        }
    }

    /// <summary>The checksums in the form that sha256sum checks.</summary>
    private static void WriteChecksums() => File.WriteAllLines(
        Path.Combine(Output, "SHA256SUMS"),
        Directory.GetFiles(Output).Order(StringComparer.Ordinal)
            .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetFileName(file)}"));
}
