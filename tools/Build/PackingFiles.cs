using System.Text.RegularExpressions;

namespace Replicate.Build;

/// <summary>What every package carries besides its program, made into out/packing from what the checkout has.</summary>
internal static partial class PackingFiles
{
    private static readonly string Directory = Shell.At("out", "packing");

    /// <summary>Makes all of them. The checkout was built before.</summary>
    public static void Make()
    {
        System.IO.Directory.CreateDirectory(Directory);
        File.WriteAllText(Path.Combine(Directory, "README.md"), Readme(File.ReadAllText(Shell.At("README.md"))));
        File.WriteAllText(Path.Combine(Directory, "Replicate.psd1"), Manifest(File.ReadAllText(Shell.At("Replicate.psd1"))));
        File.WriteAllText(Path.Combine(Directory, "THIRD-PARTY-NOTICES.txt"), ThirdParty.Notices());
        BillOfMaterials.Write(Path.Combine(Directory, "sbom.cdx.json"));
    }

    /// <summary>The README with links that work outside of the checkout: to the files of this version at the project's address.</summary>
    private static string Readme(string text) => RelativeLink().Replace(text, link =>
    {
        var target = link.Groups["target"].Value;
        if (!Path.Exists(Shell.At(target.Split('#')[0])))
        {
            throw new TaskFailedException($"README.md has a link to '{target}', which is not in the checkout.");
        }

        var kind = link.Groups["image"].Length > 0 ? "raw" : "blob";
        return $"{link.Groups["image"].Value}[{link.Groups["text"].Value}]({ReleaseVersion.Address}/{kind}/v{ReleaseVersion.Number}/{target})";
    });

    /// <summary>The manifest with the binaries chosen by platform, the notes of this release, and addresses.</summary>
    /// <exception cref="TaskFailedException">The manifest is of another version.</exception>
    private static string Manifest(string text)
    {
        if (ModuleVersion().Match(text).Groups[1].Value is var version && version != ReleaseVersion.Number)
        {
            throw new TaskFailedException($"Replicate.psd1 is of version {version}, Directory.Build.props of {ReleaseVersion.Number}. Write the same in both.");
        }

        var notes = ReleaseVersion.Changes().Replace("'", "''", StringComparison.Ordinal);
        return text
            .Replace(
                "    RootModule           = 'bin/Replicate.PowerShell.dll'",
                "    NestedModules        = @('bin/Replicate.Loader.dll', 'bin/Replicate.PowerShell.dll')",
                StringComparison.Ordinal)
            .Replace("            LicenseUri   =", $"            ReleaseNotes = '{notes}'\n            LicenseUri   =", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<image>!?)\[(?<text>[^\]]*)\]\((?<target>(?!https?:|#)[^)\s]+)\)")]
    private static partial Regex RelativeLink();

    [GeneratedRegex(@"ModuleVersion\s*=\s*'([^']+)'")]
    private static partial Regex ModuleVersion();
}
