namespace Replicate.Recording.Environments;

/// <summary>Finds a program as a shell does.</summary>
internal static class ProgramPath
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What Windows starts by itself; anything else takes a program that runs it.</summary>
    private static readonly string[] Startable = [".com", ".exe", ".bat", ".cmd"];

    /// <summary>The absolute path of a program: one that is named with a directory lies there, any other on the path.</summary>
    /// <param name="name">The name as it was given.</param>
    /// <param name="workingDirectory">What a relative path is relative to; absolute.</param>
    /// <exception cref="ReplicateException"><c>ProgramNotFound</c>, <c>ProgramNotExecutable</c>.</exception>
    internal static string Find(string name, string workingDirectory)
    {
        var hasDirectory = name.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        var places = hasDirectory ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? found = null;
        foreach (var candidate in places.SelectMany(place => Candidates(Path.Combine(workingDirectory, place, name))))
        {
            if (name.Length > 0 && File.Exists(candidate))
            {
                if (IsExecutable(candidate))
                {
                    return Path.GetFullPath(candidate);
                }

                found ??= candidate;
            }
        }

        throw found is not null
            ? new ReplicateException(
                ErrorKind.PermissionDenied, ErrorIds.ProgramNotExecutable, $"The file '{found}' is not executable.",
                "Make it executable, or name the program that runs it, such as: python " + name)
            : new ReplicateException(
                ErrorKind.NotFound, ErrorIds.ProgramNotFound, $"There is no program '{name}'.",
                hasDirectory ? "Check the path; it is relative to the working directory." : "Check the name, or give its path.");
    }

    private static bool IsExecutable(string path) => OperatingSystem.IsWindows()
        ? Startable.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
        : (File.GetUnixFileMode(path) & AnyExecute) != 0;

    /// <remarks>What looks like an extension may be none, as in python3.11.</remarks>
    private static IEnumerable<string> Candidates(string path) => !OperatingSystem.IsWindows() ? [path] :
    [
        path,
        .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE").Split(';')
            .Where(extension => Startable.Contains(extension, StringComparer.OrdinalIgnoreCase))
            .Select(extension => path + extension),
    ];
}
