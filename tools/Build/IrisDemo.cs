namespace Replicate.Build;

/// <summary>The demo where there is no PowerShell: the C# program trains, the command shows.</summary>
internal static class IrisDemo
{
    /// <summary>Leaves a project with two experiments and the better model in a directory.</summary>
    public static void Run(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(directory);
        foreach (var file in new[] { "iris.csv", "replicate.yaml" })
        {
            File.Copy(Shell.At("samples", "iris", file), Path.Combine(directory, file));
        }

        var iris = Shell.At("samples", "iris", "csharp", "bin", "Release", "net10.0", "Iris.dll");
        Shell.Require("dotnet", [iris, "0.01"], directory);
        Shell.Require("dotnet", [iris, "0.3"], directory);

        var replicate = Shell.At("out", "cli", OperatingSystem.IsWindows() ? "replicate.exe" : "replicate");
        Show("ls");
        var ids = Shell.Read(replicate, ["ls", "-q", "--sort", "loss"], directory);
        var (better, worse) = (ids[0], ids[1]);
        Show("diff", worse, better);
        Show("checkout", better, "-o", "better-model");
        Console.WriteLine($"{Environment.NewLine}The repository is in {Path.Combine(directory, ".replicate")}: look at it with {replicate} ls -D {directory}");

        void Show(params string[] arguments)
        {
            Console.WriteLine($"{Environment.NewLine}$ replicate {string.Join(' ', arguments)}");
            Shell.Require(replicate, arguments, directory);
        }
    }
}
