namespace Replicate.Build;

/// <summary>The command compiled to a program of this machine's platform, with everything in one file and no runtime.</summary>
internal static class NativeCommand
{
    /// <summary>The program.</summary>
    public static string Path { get; } = Shell.At("out", "native", OperatingSystem.IsWindows() ? "replicate.exe" : "replicate");

    /// <summary>Builds the checkout and the program.</summary>
    public static int Build()
    {
        if (!CanLink)
        {
            throw new TaskFailedException("There is no linker: install clang or gcc, on macOS the command line tools of Xcode.");
        }

        if (Tasks.Build() is var code and not 0)
        {
            return code;
        }

        Compile();
        Console.WriteLine(Path);
        return 0;
    }

    /// <summary>Compiles it from the build that is there; tells whether it could.</summary>
    public static bool TryCompile()
    {
        if (!CanLink)
        {
            Console.WriteLine("The command is not compiled natively: that takes clang or gcc.");
            return false;
        }

        try
        {
            Compile();
            return true;
        }
        catch (TaskFailedException failure)
        {
            // Not every platform's compiler can be had everywhere, and everything else of a release can be made without.
            Console.WriteLine($"The command is not compiled natively: {failure.Message}");
            return false;
        }
    }

    // On Windows the SDK asks Visual Studio, which may be there without being on the path.
    private static bool CanLink => OperatingSystem.IsWindows() || Shell.Find("clang") is not null || Shell.Find("gcc") is not null;

    private static void Compile()
    {
        var directory = System.IO.Path.GetDirectoryName(Path)!;
        Shell.Require("dotnet", ["publish", "packaging/Native", "-c", "Release", "-v", "quiet", "-nologo", "-clp:NoSummary", $"-p:PublishDir={directory}/"]);
        File.Move(System.IO.Path.Combine(directory, "Replicate.Cli" + System.IO.Path.GetExtension(Path)), Path, overwrite: true);
    }
}
