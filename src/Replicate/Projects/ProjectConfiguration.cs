namespace Replicate;

/// <summary>What a project is configured with, after the file, the environment and the arguments are taken together.</summary>
public sealed record ProjectConfiguration
{
    /// <summary>The absolute path of the project directory.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>The absolute URL of the repository.</summary>
    public required string Repository { get; init; }

    /// <summary>The absolute path of the configuration file; null where there is none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The metric that decides which checkpoint is best where none is given; null for none.</summary>
    public PrimaryMetric? PrimaryMetric { get; init; }

    /// <summary>Takes arguments, environment, configuration file and defaults together, in this order.</summary>
    /// <param name="repository">The repository's URL as an argument, or null.</param>
    /// <param name="projectDirectory">The project directory as an argument, or null; relative to the working directory.</param>
    /// <param name="workingDirectory">Absolute.</param>
    /// <exception cref="ReplicateException">The file does not parse, a key or a URL is wrong.</exception>
    public static ProjectConfiguration Resolve(string? repository, string? projectDirectory, string workingDirectory) =>
        throw new NotImplementedException();

    /// <summary>Writes a configuration file <c>replicate.yaml</c> into a directory that has none.</summary>
    /// <param name="directory">The absolute project directory; created where it is missing.</param>
    /// <param name="repository">The repository's URL as it is to be written, such as <c>file://.replicate</c>.</param>
    /// <param name="primaryMetric">The default primary metric, or null.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <exception cref="ReplicateException">There is a file (<c>ConfigurationExists</c>), or the URL is wrong.</exception>
    public static ProjectConfiguration Write(
        string directory, string repository, PrimaryMetric? primaryMetric = null, bool overwrite = false) =>
        throw new NotImplementedException();
}
