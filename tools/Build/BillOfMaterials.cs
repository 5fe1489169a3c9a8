using System.Text.Json;
using System.Text.Json.Nodes;

namespace Replicate.Build;

/// <summary>The list of what is shipped that programs read: CycloneDX, made by its tool for .NET, with the scripts of npm added.</summary>
internal static class BillOfMaterials
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes it to a file.</summary>
    public static void Write(string path)
    {
        var bill = Read("src/Replicate.Adapters/Replicate.Adapters.csproj");
        var command = Read("src/Replicate.Cli/Replicate.Cli.csproj");
        var known = bill["components"]!.AsArray().Concat(command["components"]!.AsArray()).ToLookup(component => (string)component!["name"]!);
        bill["components"] = new JsonArray([.. ThirdParty.Packages.Select(package => Component(package, known[package.Name].FirstOrDefault()))]);
        // Who needs whom is told for the packages that are listed.
        var listed = bill["components"]!.AsArray().Select(component => (string)component!["bom-ref"]!).ToHashSet(StringComparer.Ordinal);
        bill["dependencies"] = new JsonArray(
        [
            .. bill["dependencies"]!.AsArray().Concat(command["dependencies"]!.AsArray())
                .Where(dependency => listed.Contains((string)dependency!["ref"]!))
                .DistinctBy(dependency => (string)dependency!["ref"]!)
                .Select(dependency => Trim(dependency!, listed)),
        ]);
        File.WriteAllText(path, bill.ToJsonString(Indented) + "\n");
    }

    private static JsonNode Read(string project)
    {
        var directory = Directory.CreateTempSubdirectory("replicate-sbom-");
        try
        {
            string[] arguments =
            [
                project, "--output", directory.FullName, "--filename", "sbom.json", "--output-format", "Json", "--no-serial-number",
                "--disable-package-restore", "--set-name", "Replicate for PowerShell", "--set-version", ReleaseVersion.Number, "--set-type", "Library",
            ];
            Shell.Read(DotnetTool.Path("cyclonedx"), arguments);
            return JsonNode.Parse(File.ReadAllBytes(Path.Combine(directory.FullName, "sbom.json")))!;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>What the tool found out about a package, with the licence where it found none.</summary>
    private static JsonObject Component(ThirdPartyPackage package, JsonNode? found)
    {
        var component = found?.DeepClone().AsObject() ?? new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = $"pkg:{package.Registry}/{package.Name}@{package.Version}",
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["scope"] = "required",
            ["purl"] = $"pkg:{package.Registry}/{package.Name}@{package.Version}",
        };
        if (component["licenses"] is not JsonArray { Count: > 0 })
        {
            component["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = package.License } });
        }

        return component;
    }

    private static JsonNode Trim(JsonNode dependency, HashSet<string> listed)
    {
        var copy = dependency.DeepClone();
        if (copy["dependsOn"] is JsonArray needed)
        {
            copy["dependsOn"] = new JsonArray([.. needed.Where(item => listed.Contains((string)item!)).Select(item => item!.DeepClone())]);
        }

        return copy;
    }
}
