namespace Replicate.Runs.Params;

/// <summary>
/// Tells the arguments of an interpreter (<c>python -u</c>) or a launcher (<c>torchrun --nproc_per_node 2</c>) from those of
/// the program that it runs.
/// </summary>
internal static class LauncherArguments
{
    private static readonly HashSet<string> Programs = new(StringComparer.OrdinalIgnoreCase)
    {
        "pypy", "pypy3", "ipython", "Rscript", "R", "julia", "node", "deno", "bun", "ruby", "perl", "lua", "php", "java", "dotnet", "cargo",
        "bash", "sh", "zsh", "dash", "pwsh", "powershell", "cmd", "env", "nohup", "nice", "ionice", "time", "timeout", "stdbuf", "xvfb-run", "numactl",
        "taskset", "sudo", "uv", "uvx", "poetry", "pipenv", "pixi", "hatch", "conda", "mamba", "micromamba", "npm", "npx", "make", "docker", "podman",
        "torchrun", "accelerate", "deepspeed", "mpirun", "mpiexec", "horovodrun", "srun", "ray", "composer", "colossalai", "nsys", "perf", "coverage",
    };

    private static readonly string[] Scripts =
        [".py", ".pyw", ".pyc", ".pyz", ".ipynb", ".r", ".jl", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".lua", ".php", ".jar", ".dll", ".sh", ".ps1", ".m", ".fsx", ".csx"];

    // Modules of Python that run another program.
    private static readonly string[] LaunchModules =
        ["torch.distributed.launch", "torch.distributed.run", "accelerate.commands.launch", "deepspeed.launcher.runner", "cProfile", "pdb", "trace", "coverage", "debugpy", "kernprof", "scalene"];

    private static readonly string[] ValueOptions = ["-W", "-X", "--check-hash-based-pycs"];

    /// <summary>How many of the arguments come before those of the program that is run; 0 for a program that runs no other.</summary>
    /// <param name="program">The program, with or without its path.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static int CountOf(string program, IReadOnlyList<string> arguments)
    {
        var name = NameOf(program);
        if (!IsPython(name) && !Programs.Contains(name))
        {
            return 0;
        }

        var isPython = IsPython(name);
        for (var i = 0; i < arguments.Count; i++)
        {
            isPython |= IsPython(NameOf(arguments[i]));
            if (arguments[i] is "-m" or "--module" && i + 1 < arguments.Count && !LaunchModules.Contains(arguments[i + 1]))
            {
                return i + 2;
            }

            if (arguments[i] == "--" ? !arguments.Skip(i + 1).Any(IsScript) : IsScript(arguments[i]) || (isPython && arguments[i] == "-c"))
            {
                return Math.Min(arguments.Count, arguments[i] == "-c" ? i + 2 : i + 1);
            }
        }

        return AfterFirstWord(arguments);
    }

    // A script without an extension.
    private static int AfterFirstWord(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (ValueOptions.Contains(arguments[i]))
            {
                i++;
            }
            else if (arguments[i] is not ['-', ..])
            {
                return i + 1;
            }
        }

        return arguments.Count;
    }

    private static bool IsScript(string argument) =>
        argument is not ['-', ..] && Scripts.Contains(Path.GetExtension(argument), StringComparer.OrdinalIgnoreCase)
        && !argument.Contains('=', StringComparison.Ordinal);

    private static string NameOf(string program)
    {
        var file = program[(program.LastIndexOfAny(['/', '\\']) + 1)..];
        return file.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase) ? file[..^4] : file;
    }

    private static bool IsPython(string name) =>
        name.StartsWith("python", StringComparison.OrdinalIgnoreCase) && name.AsSpan(6).TrimStart("w").TrimStart("0123456789.").IsEmpty
        || name.Equals("py", StringComparison.OrdinalIgnoreCase);
}
