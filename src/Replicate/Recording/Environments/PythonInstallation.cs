using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Replicate.Storage;

namespace Replicate.Recording.Environments;

/// <summary>A Python with its packages, found by its files; it is started only where they don't tell enough.</summary>
/// <param name="Version">Its version, such as <c>3.11.2</c>.</param>
/// <param name="PackageDirectories">The directories in which packages lie, those that win first.</param>
internal sealed record PythonInstallation(string Version, IReadOnlyList<string> PackageDirectories)
{
    private const string Question = "import sys; print(sys.version.split()[0]); print('\\n'.join(p for p in sys.path if p))";

    // The answer of one Python stays the same; starting it for each experiment of a process would cost.
    private static readonly ConcurrentDictionary<string, Task<PythonInstallation?>> Answers = new();

    private static readonly string[] Libraries = ["lib", "lib64"];

    // What such a program runs may well be the Python of the path.
    private static readonly string[] Shells = ["sh", "bash", "zsh", "dash", "pwsh", "powershell", "make", "env", "nohup", "time", "cmd"];

    private static readonly Regex Package = new(@"^(?<name>.+?)-(?<version>\d[^-]*)(?:-py\d.*)?\.(?:dist-info|egg-info)$", RegexOptions.CultureInvariant);

    /// <summary>Finds the Python that a program runs on.</summary>
    /// <param name="program">The absolute path of the program; null where it isn't known, for the Python of the path.</param>
    /// <returns>Null where the program is no Python and there is none on the path.</returns>
    internal static async Task<PythonInstallation?> FindAsync(string? program)
    {
        try
        {
            return InterpreterOf(program) is not { } python ? null
                : OfVirtualEnvironment(python) ?? await Answers.GetOrAdd(python, AskAsync);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The packages with their versions.</summary>
    internal ValueMap ReadPackages()
    {
        var packages = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var directory in PackageDirectories.Where(Directory.Exists))
        {
            try
            {
                foreach (var path in Directory.EnumerateFileSystemEntries(directory, "*-info"))
                {
                    if (Read(path) is { } package)
                    {
                        packages.TryAdd(package.Name.Replace('_', '-'), package.Version);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What can be read of the others is worth having.
            }
        }

        return Value.MapFrom(packages);
    }

    private static (string Name, string Version)? Read(string path)
    {
        var file = Path.GetFileName(path);
        if (Package.Match(file) is { Success: true } match)
        {
            return (match.Groups["name"].Value, match.Groups["version"].Value);
        }

        // A package that is developed in place has its version in its file alone.
        var information = Path.Combine(path, file.EndsWith(".egg-info", StringComparison.Ordinal) ? "PKG-INFO" : "METADATA");
        const string Field = "Version:";
        var version = !File.Exists(information) ? null : File.ReadLines(information).Take(20)
            .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal))?[Field.Length..].Trim();
        return version is null ? null : (Path.GetFileNameWithoutExtension(file), version);
    }

    private static string? InterpreterOf(string? program)
    {
        if (program is not null)
        {
            var name = Path.GetFileNameWithoutExtension(program);
            if (IsPython(Path.GetFileName(program)))
            {
                return program;
            }

            if (Shebang(program) is { } interpreter && Array.Find(interpreter, word => IsPython(Path.GetFileName(word))) is { } python)
            {
                return Path.IsPathRooted(python) ? python : OnPath(python);
            }

            if (!Shells.Contains(name) && Shebang(program) is null)
            {
                return null;
            }
        }

        var active = Environment.GetEnvironmentVariable("VIRTUAL_ENV") ?? Environment.GetEnvironmentVariable("CONDA_PREFIX");
        var own = active is null ? null : OperatingSystem.IsWindows() ? Path.Combine(active, "Scripts", "python.exe") : Path.Combine(active, "bin", "python");
        return own is not null && File.Exists(own) ? own : OnPath("python") ?? OnPath("python3");
    }

    private static bool IsPython(string name) => name.StartsWith("python", StringComparison.OrdinalIgnoreCase) || name.StartsWith("pypy", StringComparison.Ordinal);

    private static string? OnPath(string name)
    {
        try
        {
            return ProgramPath.Find(name, Environment.CurrentDirectory);
        }
        catch (ReplicateException)
        {
            return null;
        }
    }

    /// <summary>The words behind <c>#!</c> of a script; null for another file.</summary>
    private static string[]? Shebang(string path)
    {
        var start = new byte[256];
        using var file = FileStamp.TryOpen(path);
        var length = file is null ? 0 : RandomAccess.Read(file, start, 0);
        var line = System.Text.Encoding.UTF8.GetString(start, 0, length).Split('\n')[0];
        return line.StartsWith("#!", StringComparison.Ordinal)
            ? line[2..].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)
            : null;
    }

    private static PythonInstallation? OfVirtualEnvironment(string python)
    {
        var root = Path.GetDirectoryName(Path.GetDirectoryName(python));
        var configuration = root is null ? null : Path.Combine(root, "pyvenv.cfg");
        if (configuration is null || !File.Exists(configuration))
        {
            return null;
        }

        var settings = File.ReadLines(configuration).Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2).ToLookup(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var version = settings["version_info"].Concat(settings["version"]).FirstOrDefault();

        // With the system's packages, where those lie is for Python to say.
        var isAlone = !settings["include-system-site-packages"].Contains("true", StringComparer.OrdinalIgnoreCase);
        if (version is null || !isAlone)
        {
            return null;
        }

        var parts = version.Split('.');
        string[] places = OperatingSystem.IsWindows()
            ? [Path.Combine(root!, "Lib", "site-packages")]
            : [.. Libraries.Select(lib => Path.Combine(root!, lib, $"python{string.Join('.', parts.Take(2))}", "site-packages"))];
        return new PythonInstallation(string.Join('.', parts.Take(3)), places);
    }

    private static async Task<PythonInstallation?> AskAsync(string python)
    {
        var answer = (await Helper.AskAsync(python, Path.GetTempPath(), "-c", Question))?
            .Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return answer is [var version, .. var path] ? new PythonInstallation(version, path) : null;
    }
}
