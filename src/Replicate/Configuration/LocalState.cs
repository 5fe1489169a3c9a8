using System.Globalization;
using System.Text;
using Replicate.Storage.Disk;

namespace Replicate.Configuration;

/// <summary>
/// Where this machine keeps what belongs to a project but not to its repository: never inside the project, which may come from
/// somebody else. What must survive lies in the user's state directory, what may be deleted at any time in the user's cache
/// directory, each in a directory of the project's own, named after its real path. Directories are created only when something is
/// written.
/// </summary>
internal static class LocalState
{
    private const string UserState = "replicate";
    private const string SpoolName = "spool";
    private const string Variable = "REPLICATE_STATE";

    /// <summary>The directory above what must survive of all projects of this user.</summary>
    internal static string StateRoot => Override("state") ?? ((
        OperatingSystem.IsWindows() ? Known(Environment.SpecialFolder.LocalApplicationData)
        : OperatingSystem.IsMacOS() ? InHome("Library", "Application Support")
        : Absolute("XDG_STATE_HOME") ?? InHome(".local", "state")) is { } directory
            ? Below(directory, "state") : Homeless("state"));

    /// <summary>The directory above what may be deleted of all projects of this user.</summary>
    internal static string CacheRoot => Override("cache") ?? ((
        OperatingSystem.IsWindows() ? Known(Environment.SpecialFolder.LocalApplicationData)
        : OperatingSystem.IsMacOS() ? InHome("Library", "Caches")
        : Absolute("XDG_CACHE_HOME") ?? InHome(".cache")) is { } directory
            ? Below(directory, "cache") : Homeless("cache"));

    /// <summary>The absolute directory of what must survive of a project.</summary>
    internal static string DirectoryFor(ProjectConfiguration configuration) =>
        Path.Combine(StateRoot, NameOf(IdentityOf(configuration)));

    /// <summary>The absolute directory of what may be deleted of a project.</summary>
    internal static string CacheFor(ProjectConfiguration configuration) =>
        Path.Combine(CacheRoot, NameOf(IdentityOf(configuration)));

    /// <summary>The directory of what a project recorded and its repository doesn't have yet.</summary>
    internal static string SpoolFor(ProjectConfiguration configuration) =>
        Path.Combine(DirectoryFor(configuration), SpoolName, NameOf(configuration.Repository));

    /// <summary>Whether there is such a directory.</summary>
    internal static bool HasSpool(ProjectConfiguration configuration) => Directory.Exists(SpoolFor(configuration));

    /// <summary>What a spool says it belongs to: names alone could be those of another project, made to be alike.</summary>
    internal static string OriginOf(ProjectConfiguration configuration) =>
        $"{IdentityOf(configuration)}\n{configuration.Repository}\n";

    /// <summary>A file name that stands for a path or repository: the 64-bit FNV-1a hash of it, 16 hex digits.</summary>
    /// <remarks>A cryptographic one would load a library, for longer than reading the index of a small repository takes.</remarks>
    internal static string NameOf(string text)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ value) * 0x100000001b3;
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Sees to it that nobody else could write what is read below a root: each directory from there down to the given one is a
    /// directory of this user, or of the system's, and nobody else may write to it. Windows protects the user's own by itself.
    /// </summary>
    /// <param name="root">One of the roots.</param>
    /// <param name="directory">A directory below it, which need not exist.</param>
    /// <exception cref="ReplicateException">One of them may be written by others (<c>StateNotPrivate</c>).</exception>
    internal static void CheckPrivate(string root, string directory)
    {
        for (var current = directory; current is not null && RealPath.IsAtOrBelow(current, root); current = Path.GetDirectoryName(current))
        {
            Check(current, isDirectory: true);
        }
    }

    /// <summary>The same for a file that is read back: it has to be one of this user, and no link.</summary>
    /// <param name="root">One of the roots.</param>
    /// <param name="file">A file below it, which need not exist.</param>
    /// <exception cref="ReplicateException">It, or a directory above it, may be written by others (<c>StateNotPrivate</c>).</exception>
    internal static void CheckPrivateFile(string root, string file)
    {
        CheckPrivate(root, Path.GetDirectoryName(file)!);
        Check(file, isDirectory: false);
    }

    /// <summary>The real path of a project; where file systems take upper and lower case for one and the same, in one of them.</summary>
    private static string IdentityOf(ProjectConfiguration configuration) =>
        RealPath.Of(configuration.ProjectDirectory) is var path && (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            ? path.ToUpperInvariant() : path;

    private static void Check(string path, bool isDirectory)
    {
        if (UnixStatus.CurrentUser is { } user && UnixStatus.Of(path) is { } status && Complaint(status, user, isDirectory) is { } complaint)
        {
            throw new ReplicateException(
                ErrorKind.PermissionDenied, "StateNotPrivate",
                $"'{path}', where this machine keeps what it records and knows, {complaint}: what it holds cannot be trusted.",
                $"Look at what is in it and move it away, or name a directory of your own in the environment variable {Variable}.");
        }
    }

    private static string? Complaint(UnixStatus status, uint user, bool isDirectory) =>
        status.IsLink ? "is a link"
        : isDirectory && !status.IsDirectory ? "is no directory"
        : !isDirectory && !status.IsFile ? "is no file"
        : status.User != user && status.User != 0 ? "belongs to another user"
        : (status.Permissions & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0 ? "can be written by other users"
        : null;

    private static string? Override(string name) => Absolute(Variable) is { } directory ? Path.Combine(directory, name) : null;

    // What isn't absolute is to be ignored, says the XDG base directory specification.
    private static string? Absolute(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } path && Path.IsPathFullyQualified(path) ? path : null;

    private static string? Known(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder) is { Length: > 0 } path ? path : null;

    private static string? InHome(params string[] parts) =>
        Known(Environment.SpecialFolder.UserProfile) is { } home && Path.IsPathFullyQualified(home) ? Path.Combine([home, .. parts]) : null;

    /// <summary>On Windows state and caches have one directory above them.</summary>
    private static string Below(string directory, string name) =>
        RealPath.Of(OperatingSystem.IsWindows() ? Path.Combine(directory, UserState, name) : Path.Combine(directory, UserState));

    /// <summary>Others may write to the directory for temporary files, but not to what this user has there.</summary>
    private static string Homeless(string name) =>
        Path.Combine(Path.GetTempPath(), $"{UserState}-{UnixStatus.CurrentUser?.ToString(CultureInfo.InvariantCulture) ?? Environment.UserName}-{name}");
}
