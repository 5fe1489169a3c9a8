using Replicate.Adapters;
using Replicate.Archives.Selecting;
using Replicate.Recording;
using Replicate.Storage;

namespace Replicate;

/// <summary>A directory of code with one repository: the entry to everything.</summary>
public sealed class Project
{
    /// <summary>Opens a project with a repository that is named; no configuration file is needed.</summary>
    /// <param name="repository">A URL: <c>file://path</c>, <c>s3://bucket[/root]</c>, <c>gs://bucket[/root]</c> or
    /// <c>az://account/container[/root]</c>.</param>
    /// <param name="directory">The project directory; null for the working directory, which in a shell is the shell's.</param>
    /// <exception cref="ReplicateException">The URL is not one of the three.</exception>
    public Project(string repository, string? directory = null)
        : this(ProjectConfiguration.Resolve(repository, directory ?? WorkingDirectory.Find(), WorkingDirectory.Find()))
    {
    }

    private Project(ProjectConfiguration configuration)
        : this(configuration, () => ObjectStores.Open(configuration.Repository))
    {
    }

    internal Project(ProjectConfiguration configuration, Func<IObjectStore> openStore, ProcessLifetime? lifetime = null)
    {
        Workspace = new Workspace(configuration, openStore, lifetime ?? ProcessLifetime.Current);
        Experiments = new ExperimentCollection(this);
        Names = new CheckpointNames(this);
    }

    /// <summary>The configuration in force.</summary>
    public ProjectConfiguration Configuration => Workspace.Configuration;

    /// <summary>The absolute path of the project directory.</summary>
    public string Directory => Configuration.ProjectDirectory;

    /// <summary>The absolute URL of the repository.</summary>
    public string Repository => Configuration.Repository;

    /// <summary>The experiments of the repository.</summary>
    public ExperimentCollection Experiments { get; }

    /// <summary>The names of checkpoints in the repository.</summary>
    public CheckpointNames Names { get; }

    /// <summary>
    /// Opens the project of a working directory: what is given here wins over <c>REPLICATE_REPOSITORY</c>, that over the
    /// configuration file, that over <c>file://.replicate</c>.
    /// </summary>
    /// <param name="workingDirectory">Where the search for a configuration file begins; absolute.</param>
    /// <param name="repository">The repository's URL, or null.</param>
    /// <param name="projectDirectory">The project directory, or null; relative to the working directory.</param>
    /// <exception cref="ReplicateException">The configuration or a URL is wrong.</exception>
    public static Project Open(string workingDirectory, string? repository = null, string? projectDirectory = null) =>
        new(ProjectConfiguration.Resolve(repository, projectDirectory, workingDirectory));

    /// <summary>
    /// Makes a directory a project: writes its configuration file, see <see cref="ProjectConfiguration.Write"/>, and an ignore file
    /// <c>.replicateignore</c> to begin with where there is none.
    /// </summary>
    /// <param name="directory">The absolute project directory; created where it is missing.</param>
    /// <param name="repository">The repository's URL as it is to be written, such as <c>file://.replicate</c>.</param>
    /// <param name="primaryMetric">The default primary metric, or null.</param>
    /// <param name="overwrite">Whether an existing configuration file is replaced.</param>
    /// <exception cref="ReplicateException">There is a configuration file (<c>ConfigurationExists</c>), or the URL is wrong.</exception>
    public static Project Initialize(
        string directory, string repository, PrimaryMetric? primaryMetric = null, bool overwrite = false)
    {
        var written = ProjectConfiguration.Write(directory, repository, primaryMetric, overwrite);
        new RepositoryTrust(written).Remember();
        StarterIgnoreFile.Write(directory);
        return Open(directory);
    }

    /// <summary>Looks up what a name, a full id or an unambiguous prefix stands for, over experiments and checkpoints together.</summary>
    /// <param name="id">The name of a checkpoint, the id or the prefix, hex digits in any case.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">
    /// Nothing matches (<c>IdNotFound</c>), several do (<c>IdAmbiguous</c>, listed), or the checkpoint of that name is gone
    /// (<c>NamedCheckpointMissing</c>).
    /// </exception>
    public Task<Match> FindAsync(string id, CancellationToken cancellationToken = default) =>
        IdLookup.FindAsync(id, this, among: null, cancellationToken);

    /// <summary>What recording needs of it.</summary>
    internal Workspace Workspace { get; }

    /// <summary>
    /// Finishes what earlier commands recorded on this machine and the repository doesn't have yet: archives files, sends to a
    /// remote repository, and completes the metadata of one on the disk.
    /// </summary>
    /// <param name="progress">Told how much is done.</param>
    /// <param name="cancellationToken">Ends the work; what isn't sent goes on waiting.</param>
    /// <returns>How many experiments, checkpoints and ends were sent.</returns>
    /// <exception cref="ReplicateException">
    /// The repository refuses or does not answer, or another process is sending some of it and not done after 30 seconds
    /// (<c>SentElsewhere</c>); all that waits is kept.
    /// </exception>
    public Task<int> SyncAsync(IProgress<Progress>? progress = null, CancellationToken cancellationToken = default) =>
        Workspace.SyncAsync(progress, _ => true, cancellationToken);

    /// <summary>The same, but what is being sent already is not waited for.</summary>
    /// <inheritdoc cref="SyncAsync(IProgress{Progress}?, CancellationToken)"/>
    public Task<int> SendWaitingAsync(IProgress<Progress>? progress = null, CancellationToken cancellationToken = default) =>
        Workspace.SyncAsync(progress, isNeeded: null, cancellationToken);

    /// <summary>The ids of the experiments of which something waits to be sent; an id comes for each thing that waits.</summary>
    internal async Task<IEnumerable<string>> PendingExperimentsAsync(CancellationToken cancellationToken) =>
        (await Workspace.Uploader.Spool.ReadAsync(cancellationToken)).Select(operation => operation.ExperimentId);

    /// <summary>The URL of the repository and the directory.</summary>
    public override string ToString() => Value.Escape($"{Repository} ({Directory})");
}
