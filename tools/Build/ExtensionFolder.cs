using System.Text.Json.Nodes;

namespace Replicate.Build;

/// <summary>The extension for Azure DevOps as tfx packs it: its files with this version's number, and the module that the task runs.</summary>
internal static class ExtensionFolder
{
    /// <summary>Makes it, and returns its path. The module's folder was made before.</summary>
    public static string Make()
    {
        var source = Shell.At("extensions", "azure-devops");
        var target = Shell.At("out", "extension");
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        Copy(source, target);
        var task = Path.Combine(target, "task");
        Copy(Shell.At("out", "Replicate"), Path.Combine(task, "Replicate"));
        File.Copy(Shell.At("extensions", "run-experiment.ps1"), Path.Combine(task, "run-experiment.ps1"));
        foreach (var (file, icon) in new[] { ("images/icon.png", target), ("icon.png", task) })
        {
            var path = Path.Combine(icon, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Shell.At("packaging", "icon.png"), path);
        }

        File.Copy(Shell.At("LICENSE"), Path.Combine(target, "LICENSE.txt"));
        Change(Path.Combine(target, "vss-extension.json"), manifest => manifest["version"] = ReleaseVersion.Number);
        var numbers = ReleaseVersion.Number.Split('.');
        Change(Path.Combine(task, "task.json"), manifest => manifest["version"] = new JsonObject
        {
            ["Major"] = numbers[0],
            ["Minor"] = numbers[1],
            ["Patch"] = numbers[2],
        });
        return target;
    }

    private static void Change(string path, Action<JsonNode> change)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }

    private static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }
}
