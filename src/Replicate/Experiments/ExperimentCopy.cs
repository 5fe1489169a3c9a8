using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate;

/// <summary>
/// Copies experiments to the repository of a project: saved files first, metadata last and byte for byte, so that nothing
/// is listed whose data isn't there, and what was interrupted goes on where it was. An id that the repository knows under
/// another experiment is refused, forced or not: nothing of another experiment is replaced.
/// </summary>
internal sealed class ExperimentCopy(Project target, bool force)
{
    private const int ParallelExperiments = 4;
    private const int ParallelArchives = 2;

    private readonly Repository _target = target.Workspace.Repository;
    private readonly IdOwners _owners = new(target);

    /// <summary>Copies several; what concerns one of them alone doesn't keep the others back.</summary>
    /// <returns>What became of each, in the order given.</returns>
    internal async Task<IReadOnlyList<CopyResult>> CopyAllAsync(
        IReadOnlyList<Experiment> experiments, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        await target.Workspace.Trust.RequireAsync(cancellationToken);

        // What an earlier command recorded and didn't send yet is part of the experiments.
        foreach (var project in experiments.Select(experiment => experiment.Project).Distinct())
        {
            var copied = experiments.Where(experiment => experiment.Project == project).Select(experiment => experiment.Id).ToHashSet();
            await (project.Workspace.WaitingUploader?.SendAsync(null, copied.Contains, cancellationToken) ?? Task.FromResult(0));
        }

        await _target.PrepareForWritingAsync(cancellationToken);
        var results = new CopyResult[experiments.Count];
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelExperiments, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, experiments.Count), options, async (index, token) =>
        {
            try
            {
                var copy = await CopyAsync(experiments[index], experiments.Count == 1 ? progress : null, token);
                results[index] = new CopyResult(experiments[index], copy, null);
            }
            catch (ReplicateException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.Conflict or ErrorKind.InvalidData)
            {
                results[index] = new CopyResult(experiments[index], null, error);
            }

            if (experiments.Count > 1)
            {
                progress?.Report(new Progress(
                    "Copying experiments", Interlocked.Increment(ref done), experiments.Count, ProgressUnit.Items));
            }
        });
        return results;
    }

    private async Task<Experiment> CopyAsync(Experiment experiment, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var source = experiment.Project.Workspace.Repository;
        if (source.Url == _target.Url)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "SameRepository",
                $"The experiment '{experiment.Id}' is in the repository '{source.Url}' already.", "Name another repository to copy to.");
        }

        var (original, metadata) = await source.ReadMetadataAsync(experiment.Id, cancellationToken)
            ?? throw IdLookup.NotFound(experiment.Id);
        var key = RepositoryKeys.Metadata(experiment.Id);
        var present = await _target.Store.ReadAsync(key, cancellationToken);
        if (present?.Content.Span.SequenceEqual(original.Content.Span) != true)
        {
            if (present is not null && !force)
            {
                throw Exists(experiment);
            }

            await RequireFreeIdsAsync(metadata, cancellationToken);
            await CopyArchivesAsync(source, metadata, progress, cancellationToken);
            await LogCopy.RunAsync(source, _target, metadata.Id, cancellationToken);
            Log.Verbose($"Writing {key} to '{_target.Url}'.");
            var condition = present is null ? PutCondition.IfAbsent : PutCondition.IfVersion(present.Version);
            if (await _target.Store.PutAsync(key, ObjectContent.FromBytes(original.Content), condition, cancellationToken) is null)
            {
                throw Exists(experiment);
            }
        }

        return new Experiment(target, metadata, heartbeat: null);
    }

    /// <summary>Refuses what would make an experiment the owner of another's checkpoints or files.</summary>
    private async Task RequireFreeIdsAsync(ExperimentMetadata metadata, CancellationToken cancellationToken)
    {
        if (await _owners.ClaimAsync(metadata, cancellationToken) is var (id, owner))
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "IdTaken",
                $"The experiment '{metadata.Id}' claims the id '{id}', which is one of the experiment '{owner}' for the repository '{_target.Url}'.",
                "Find out which of the two is genuine; the other one has to be deleted before.");
        }
    }

    private async Task CopyArchivesAsync(
        Repository source, ExperimentMetadata metadata, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var archives = SavedArchive.AllOf(metadata);
        var found = new ObjectInfo[archives.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelArchives, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, archives.Count, options, async (index, token) =>
            found[index] = await source.Store.StatAsync(archives[index].Key, token) ?? throw source.ArchiveMissing(archives[index].Key));

        var bytes = new ByteProgress($"Copying experiment {ShortIds.Of(metadata.Id)}", found.Sum(archive => archive.Length), progress);
        var copy = new ArchiveCopy(source, _target);
        await Parallel.ForAsync(0, archives.Count, options, async (index, token) =>
            await copy.RunAsync(archives[index], found[index], bytes.Add, token));
    }

    private ReplicateException Exists(Experiment experiment) => new(
        ErrorKind.Conflict, "ExperimentExists",
        $"The repository '{_target.Url}' has an experiment '{experiment.Id}' with another content.",
        "Delete it there, or force the copy, which replaces it.");

    private sealed class ByteProgress(string activity, long total, IProgress<Progress>? progress)
    {
        private long _done;

        public void Add(long count) =>
            progress?.Report(new Progress(activity, Interlocked.Add(ref _done, count), total, ProgressUnit.Bytes));
    }
}
