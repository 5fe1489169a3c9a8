using Replicate.Configuration;
using Replicate.Storage;

namespace Replicate;

/// <summary>What a project is configured with, after the file, the environment and the arguments are taken together.</summary>
public sealed record ProjectConfiguration
{
    /// <summary>Where the repository is in a project that says nothing of it.</summary>
    internal const string DefaultDirectory = ".replicate";

    internal const string RepositoryVariable = "REPLICATE_REPOSITORY";
    private const string DefaultRepository = "file://" + DefaultDirectory;
    private const string EarlyRepository = ".replicate/storage";

    /// <summary>The absolute path of the project directory.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>The absolute URL of the repository.</summary>
    public required string Repository { get; init; }

    /// <summary>The absolute path of the configuration file; null where there is none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Whether only the configuration file names the repository, so that whoever wrote that chose it.</summary>
    internal bool IsRepositoryFromFile { get; init; }

    /// <summary>The metric that decides which checkpoint is best where none is given; null for none.</summary>
    public PrimaryMetric? PrimaryMetric { get; init; }

    /// <summary>The repository.</summary>
    public override string ToString() => Value.Escape(Repository);

    /// <summary>
    /// Takes arguments, the environment's <c>REPLICATE_REPOSITORY</c>, configuration file and defaults together, in
    /// this order. The file is searched in the project directory where that is given, otherwise in the working
    /// directory and its parents. A relative <c>file://</c> path, wherever it comes from, is relative to the project
    /// directory.
    /// </summary>
    /// <param name="repository">The repository's URL as an argument, or null.</param>
    /// <param name="projectDirectory">The project directory as an argument, or null; relative to the working directory.</param>
    /// <param name="workingDirectory">Absolute.</param>
    /// <exception cref="ReplicateException">
    /// The given project directory does not exist, the file does not parse or names no repository, a key or a URL is wrong.
    /// </exception>
    public static ProjectConfiguration Resolve(string? repository, string? projectDirectory, string workingDirectory) =>
        Resolve(repository, projectDirectory, workingDirectory, Environment.GetEnvironmentVariable(RepositoryVariable));

    internal static ProjectConfiguration Resolve(
        string? repository, string? projectDirectory, string workingDirectory, string? environment)
    {
        workingDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(workingDirectory));
        var given = projectDirectory is null ? null : ExistingDirectory(Path.GetFullPath(projectDirectory, workingDirectory));
        var path = given is null ? FindUpwards(workingDirectory) : YamlConfiguration.Find(given);
        var file = path is null ? null : YamlConfiguration.Read(path);
        var directory = given ?? Path.GetDirectoryName(path) ?? workingDirectory;
        return new ProjectConfiguration
        {
            ProjectDirectory = directory,
            Repository =
                repository is not null ? StoreUrl.Normalize(repository, directory)
                : !string.IsNullOrEmpty(environment) ? Normalize(environment, directory, RepositoryVariable)
                : file?.Repository is { } written ? Normalize(written, directory, file.RepositoryPlace)
                : StoreUrl.Normalize(Default(directory, file), directory),
            ConfigurationFile = path,
            IsRepositoryFromFile = repository is null && string.IsNullOrEmpty(environment) && file?.Repository is not null,
            PrimaryMetric = file?.PrimaryMetric,
        };
    }

    /// <summary>Writes a configuration file <c>replicate.yaml</c> into a directory that has none.</summary>
    /// <param name="directory">The absolute project directory; created where it is missing.</param>
    /// <param name="repository">The repository's URL as it is to be written, such as <c>file://.replicate</c>.</param>
    /// <param name="primaryMetric">The default primary metric, or null.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <exception cref="ReplicateException">There is a file (<c>ConfigurationExists</c>), or the URL is wrong.</exception>
    public static ProjectConfiguration Write(
        string directory, string repository, PrimaryMetric? primaryMetric = null, bool overwrite = false)
    {
        _ = StoreUrl.Normalize(repository, directory);
        if (!overwrite && YamlConfiguration.Find(directory) is { } existing)
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "ConfigurationExists",
                $"There is already a configuration file '{existing}'.", "Edit it, or use force to replace it.");
        }

        YamlConfiguration.Write(directory, repository, primaryMetric);
        return Resolve(null, directory, directory, environment: null);
    }

    private static string Normalize(string url, string directory, string place) =>
        YamlConfiguration.Located(place, () => StoreUrl.Normalize(url, directory));

    private static string? FindUpwards(string directory)
    {
        for (string? current = directory; current is not null; current = Path.GetDirectoryName(current))
        {
            if (YamlConfiguration.Find(current) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    private static string Default(string directory, YamlConfiguration? file) =>
        Directory.Exists(Path.Combine(directory, EarlyRepository)) ? "file://" + EarlyRepository
        : file is null ? DefaultRepository
        : throw new ReplicateException(
            ErrorKind.InvalidData, "RepositoryMissing",
            $"The configuration file '{file.Path}' names no repository.",
            $"Write into it, for instance: repository: \"{DefaultRepository}\"");

    private static string ExistingDirectory(string path) =>
        Directory.Exists(path) ? Path.TrimEndingDirectorySeparator(path) : throw new ReplicateException(
            ErrorKind.NotFound, "ProjectDirectoryNotFound",
            $"The project directory '{path}' does not exist.", "Check its path, or create it first.");
}
