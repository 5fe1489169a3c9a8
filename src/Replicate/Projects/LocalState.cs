using System.Security.Cryptography;
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
    private const int NameLength = 16;

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

    /// <summary>Whether there may be such a directory, found out without the checksum in its name, for which a library is loaded.</summary>
    internal static bool MayHaveSpool(ProjectConfiguration configuration) =>
        Directory.Exists(Beside(configuration) is { } beside ? Path.Combine(beside, SpoolName) : Path.Combine(UserCache(), UserState));

    /// <summary>A file name that stands for a repository: 16 hex digits of the SHA-256 of its absolute URL.</summary>
    internal static string NameOf(string repository) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(repository)))[..NameLength].ToLowerInvariant();

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
