using System.Globalization;
using System.Text;

namespace Replicate;

/// <summary>
/// Where this machine keeps what belongs to a project but not to its repository: caches, which may be deleted at any
/// time, and what still has to be sent.
/// </summary>
internal static class LocalState
{
    private const string ProjectState = ".replicate";
    private const string UserState = "replicate";
    private const string SpoolName = "spool";

    /// <summary>
    /// The absolute directory: <c>.replicate</c> beside a configuration file or a default repository, otherwise one of the
    /// repository's own in the user's cache directory. It is created only when something is written. Beside a configuration
    /// file several repositories share it, one after the other: name what lies in it by <see cref="NameOf"/>.
    /// </summary>
    internal static string DirectoryFor(ProjectConfiguration configuration) =>
        Beside(configuration) ?? Path.Combine(UserCache(), UserState, NameOf(configuration.Repository));

    /// <summary>The directory of what a project recorded and its repository doesn't have yet.</summary>
    internal static string SpoolFor(ProjectConfiguration configuration) =>
        Path.Combine(DirectoryFor(configuration), SpoolName, NameOf(configuration.Repository));

    /// <summary>Whether there is such a directory.</summary>
    internal static bool HasSpool(ProjectConfiguration configuration) => Directory.Exists(SpoolFor(configuration));

    /// <summary>A file name that stands for a repository: the 64-bit FNV-1a hash of its absolute URL, 16 hex digits.</summary>
    /// <remarks>A cryptographic one would load a library, for longer than reading the index of a small repository takes.</remarks>
    internal static string NameOf(string repository)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var value in Encoding.UTF8.GetBytes(repository))
        {
            hash = (hash ^ value) * 0x100000001b3;
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>A directory of what belongs to the user and must not be lost, whatever project it is of; null where the user has no home.</summary>
    /// <param name="name">What it is for.</param>
    internal static string? ForUser(string name)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var state = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } given && Path.IsPathFullyQualified(given) ? given
            : home.Length == 0 ? ""
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support")
            : Path.Combine(home, ".local", "state");
        return state.Length > 0 ? Path.Combine(state, UserState, name) : null;
    }

    private static string? Beside(ProjectConfiguration configuration)
    {
        var beside = Path.Combine(configuration.ProjectDirectory, ProjectState);
        return configuration.ConfigurationFile is not null || configuration.Repository == Stores.StoreUrl.OfDirectory(beside) ? beside : null;
    }

    private static string UserCache()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")

            // What isn't absolute is to be ignored, says the XDG base directory specification.
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathFullyQualified(cache) ? cache
            : Path.Combine(home, ".cache");
    }
}
