using System.Security.Cryptography;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate;

/// <summary>
/// Copies experiments to the repository of a project: saved files first, metadata last and byte for byte, so that nothing
/// is listed whose data isn't there, and what was interrupted goes on where it was.
/// </summary>
internal sealed class ExperimentCopy(Project target, bool force)
{
    private const int ParallelExperiments = 4;
    private const int ParallelArchives = 2;
    private const int BufferSize = 1 << 20;

    private readonly Repository _target = target.OpenRepository();

    /// <summary>Copies several; what concerns one of them alone doesn't keep the others back.</summary>
    /// <returns>What became of each, in the order given.</returns>
    internal async Task<IReadOnlyList<CopyResult>> CopyAllAsync(
        IReadOnlyList<Experiment> experiments, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        // What an earlier command recorded and didn't send yet is part of the experiments.
        foreach (var project in experiments.Select(experiment => experiment.Project).Distinct())
        {
            var copied = experiments.Where(experiment => experiment.Project == project).Select(experiment => experiment.Id).ToHashSet();
            await (project.WaitingUploader?.SendAsync(null, copied.Contains, cancellationToken) ?? Task.FromResult(0));
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
        var source = experiment.Project.OpenRepository();
        if (source.Url == _target.Url)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "SameRepository",
                $"The experiment '{experiment.Id}' is in the repository '{source.Url}' already.", "Name another repository to copy to.");
        }

        var (original, metadata) = await source.ReadMetadataAsync(experiment.Id, cancellationToken)
            ?? throw Queries.IdLookup.NotFound(experiment.Id);
        var key = RepositoryKeys.Metadata(experiment.Id);
        var present = await _target.Store.ReadAsync(key, cancellationToken);
        if (present?.Content.Span.SequenceEqual(original.Content.Span) != true)
        {
            if (present is not null && !force)
            {
                throw Exists(experiment);
            }

            await CopyArchivesAsync(source, metadata, progress, cancellationToken);
            Notices.Verbose($"Writing {key} to '{_target.Url}'.");
            var condition = present is null ? PutCondition.IfAbsent : PutCondition.IfVersion(present.Version);
            if (await _target.Store.PutAsync(key, ObjectContent.FromBytes(original.Content), condition, cancellationToken) is null)
            {
                throw Exists(experiment);
            }
        }

        return new Experiment(target, metadata, heartbeat: null);
    }

    private async Task CopyArchivesAsync(
        Repository source, ExperimentMetadata metadata, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var keys = RepositoryKeys.ArchivesOf(metadata);
        var archives = new ObjectInfo[keys.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelArchives, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, keys.Count, options, async (index, token) =>
            archives[index] = await source.Store.StatAsync(keys[index], token) ?? throw source.ArchiveMissing(keys[index]));

        var bytes = new ByteProgress($"Copying experiment {ShortIds.Of(metadata.Id)}", archives.Sum(archive => archive.Length), progress);
        await Parallel.ForEachAsync(archives, options, async (archive, token) => await CopyAsync(source, archive, bytes, token));
    }

    /// <summary>Copies a tarball, unless the same one is there: of the same size, and with the same checksum.</summary>
    private async Task CopyAsync(Repository source, ObjectInfo archive, ByteProgress progress, CancellationToken cancellationToken)
    {
        var (key, store) = (archive.Key, _target.Store);
        if ((await store.StatAsync(key, cancellationToken))?.Length == archive.Length
            && await ChecksumAsync(store, key, cancellationToken) is { } there
            && there == await ChecksumAsync(source.Store, key, cancellationToken))
        {
            Notices.Verbose($"{key} is in '{store.Url}' already.");
            progress.Add(archive.Length);
            return;
        }

        Notices.Verbose($"Copying {key} from '{source.Url}' to '{store.Url}'.");
        bool isIntact;
        if (store is IServerSideCopy server && await server.TryCopyFromAsync(source.Store, key, cancellationToken))
        {
            // The server answers for the bytes, which never were here.
            isIntact = (await store.StatAsync(key, cancellationToken))?.Length == archive.Length;
            progress.Add(archive.Length);
        }
        else
        {
            // A store that is cut off may say that an object ends: its length was told before.
            var (sent, length) = await SendAsync(source, key, progress, cancellationToken);
            isIntact = length == archive.Length && await ChecksumAsync(store, key, cancellationToken) == sent;
        }

        if (!isIntact)
        {
            throw new ReplicateException(
                ErrorKind.InvalidData, "CopyDamaged", $"{key} in '{store.Url}' is not what was read from '{source.Url}'.",
                "Copy the experiment again; if it happens again, check the disk or the network.");
        }
    }

    /// <summary>Sends a tarball through this machine.</summary>
    /// <returns>The checksum of what was sent, and how many bytes that were.</returns>
    private async Task<(string? Checksum, long Length)> SendAsync(Repository source, string key, ByteProgress progress, CancellationToken cancellationToken)
    {
        var sent = ((string?)null, 0L);
        var content = ObjectContent.FromWriter(async (stream, token) =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var archive = await source.OpenArchiveAsync(key, token);
            var buffer = new byte[BufferSize];
            var length = 0L;
            for (int count; (count = await archive.ReadAsync(buffer, token)) > 0; progress.Add(count))
            {
                length += count;
                hash.AppendData(buffer, 0, count);
                await stream.WriteAsync(buffer.AsMemory(0, count), token);
            }

            sent = (Convert.ToHexString(hash.GetHashAndReset()), length);
        });
        await _target.Store.PutAsync(key, content, PutCondition.None, cancellationToken);
        return sent;
    }

    private static async Task<string?> ChecksumAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
        return stream is null ? null : Convert.ToHexString(await SHA256.HashDataAsync(stream, cancellationToken));
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
