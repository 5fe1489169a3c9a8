namespace Replicate;

/// <summary>The experiments of a project's repository. Every call looks at the repository anew.</summary>
public sealed class ExperimentCollection
{
    private readonly Project _project;

    internal ExperimentCollection(Project project) => _project = project;

    /// <summary>Creates an experiment, saves its files and starts its heartbeat.</summary>
    /// <param name="options">What it is created with.</param>
    /// <param name="progress">Told how much is saved.</param>
    /// <param name="cancellationToken">Ends the work; nothing is listed then.</param>
    /// <exception cref="ReplicateException">Params or path are wrong, or the repository can't be written to.</exception>
    public Task<Experiment> CreateAsync(
        ExperimentOptions options, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Lists experiments. A metadata file that can't be read is named in a warning and passed over.</summary>
    /// <param name="query">What is listed, in what order; null for all, oldest first.</param>
    /// <param name="progress">Told how many are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The query is wrong, or the repository can't be read.</exception>
    public Task<IReadOnlyList<Experiment>> ListAsync(
        ExperimentQuery? query = null, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Gets an experiment by its id or an unambiguous prefix of it.</summary>
    /// <exception cref="ReplicateException">Nothing matches (<c>IdNotFound</c>), or several do (<c>IdAmbiguous</c>).</exception>
    public Task<Experiment> GetAsync(string id, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
