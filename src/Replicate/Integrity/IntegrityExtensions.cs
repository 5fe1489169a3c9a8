using Replicate.Integrity;

namespace Replicate;

/// <summary>Checks and mends the repository of a project.</summary>
public static class IntegrityExtensions
{
    extension(Project project)
    {
        /// <summary>Holds the repository to every rule of the format, and reads all that was saved.</summary>
        /// <param name="isQuick">Whether saved files are looked up only, not read.</param>
        /// <param name="progress">Told how far it is.</param>
        /// <param name="orphanAge">
        /// How long ago what belongs to no experiment has to be written to be found, by the clock of the repository's store; null for a day.
        /// What is younger, or younger than an experiment that runs, may be the work of a writer that is still busy.
        /// </param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <returns>What was found, as it is found; nothing for a repository that is whole.</returns>
        /// <exception cref="ReplicateException">The repository is of a later version (<c>RepositoryVersionUnsupported</c>), or can't be reached.</exception>
        public IAsyncEnumerable<Finding> CheckAsync(
            bool isQuick = false, IProgress<Progress>? progress = null, TimeSpan? orphanAge = null, CancellationToken cancellationToken = default) =>
            new RepositoryCheck(project, isQuick, orphanAge ?? LiveWriters.DefaultGrace).RunAsync(progress, cancellationToken);

        /// <summary>Checks as <see cref="CheckAsync"/> does, and tells of all of it at the end.</summary>
        /// <inheritdoc cref="CheckAsync"/>
        public async Task<RepositoryHealth> GetHealthAsync(
            bool isQuick = false, IProgress<Progress>? progress = null, TimeSpan? orphanAge = null, CancellationToken cancellationToken = default)
        {
            var check = new RepositoryCheck(project, isQuick, orphanAge ?? LiveWriters.DefaultGrace);
            var findings = new List<Finding>();
            await foreach (var finding in check.RunAsync(progress, cancellationToken))
            {
                findings.Add(finding);
            }

            var (experiments, checkpoints) = check.Counts;
            return new() { Repository = project.Repository, Findings = findings, Experiments = experiments, Checkpoints = checkpoints };
        }

        /// <summary>Mends what a check found, where that is possible without losing anything: files are moved aside, and only layers of the catalog deleted.</summary>
        /// <param name="finding">What was found in the repository of this project.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <returns>What was done.</returns>
        /// <exception cref="ReplicateException">The repository can't be written to; nothing is lost.</exception>
        public async Task<RepairResult> RepairAsync(Finding finding, CancellationToken cancellationToken = default)
        {
            await project.Workspace.Trust.RequireAsync(cancellationToken);
            return await new RepositoryRepair(project).MendAsync(finding, cancellationToken);
        }
    }
}
