using Replicate.Archives;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate;

/// <summary>Gets back what was saved with an experiment and its checkpoints.</summary>
internal sealed class SavedFiles(Experiment experiment)
{
    internal async Task<CheckOutResult> CheckOutAsync(
        Checkpoint? checkpoint, CheckOutOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var output = Path.GetFullPath(options.OutputDirectory ?? experiment.Project.Directory, experiment.Project.Directory);
        var archives = ArchivesOf(checkpoint).ToArray();
        if (archives.Length == 0)
        {
            throw new ReplicateException(
                ErrorKind.NotFound, "NothingSaved", $"No files were saved with {Name(checkpoint)}.",
                "Save files by giving a path when an experiment is created or a checkpoint is added.");
        }

        RequireUsable(output, options.Force);
        await using var checkOut = new CheckOut(output, options.Path);
        foreach (var (id, key) in archives)
        {
            await checkOut.AddAsync(id, await FindArchiveAsync(id, key, cancellationToken), options.MaxSize, progress, cancellationToken);
        }

        var files = checkOut.Commit();
        return files.Count > 0 || options.Path is null
            ? new CheckOutResult(experiment, checkpoint, output, files)
            : throw NotSaved(checkpoint, options.Path);
    }

    internal async Task<IReadOnlyList<SavedFile>> ListAsync(Checkpoint? checkpoint, long? maxSize, CancellationToken cancellationToken)
    {
        var own = checkpoint is null ? OwnArchive() : ArchiveOf(checkpoint);
        if (own is not { } found)
        {
            return [];
        }

        return await ArchiveReader.ListAsync(
            found.Id, await FindArchiveAsync(found.Id, found.Key, cancellationToken), maxSize, cancellationToken);
    }

    /// <summary>Reads the experiment's tarball, or a checkpoint's own, once from start to end.</summary>
    /// <param name="checkpoint">One of its checkpoints, or null for the files of the experiment itself.</param>
    /// <param name="read">Told each file with its content; the later one counts where a path comes twice.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task ReadAsync(
        Checkpoint? checkpoint, Func<SavedFile, Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        if ((checkpoint is null ? OwnArchive() : ArchiveOf(checkpoint)) is { } found)
        {
            await using var tarball = await OpenTarballAsync(found.Id, found.Key, progress: null, cancellationToken);
            while (await tarball.NextAsync(cancellationToken) is { } entry)
            {
                await read(entry.File, entry.Content, cancellationToken);
            }
        }
    }

    internal async Task<Stream> OpenAsync(Checkpoint? checkpoint, string path, long? maxSize, CancellationToken cancellationToken)
    {
        foreach (var (id, key) in ArchivesOf(checkpoint).Reverse())
        {
            var archive = await FindArchiveAsync(id, key, cancellationToken);
            if (await ArchiveReader.OpenAsync(id, archive, path, maxSize, cancellationToken) is { } file)
            {
                return file;
            }
        }

        throw NotSaved(checkpoint, path);
    }

    private static (string Id, string Key)? ArchiveOf(Checkpoint checkpoint) =>
        checkpoint.Path.Length > 0 ? (checkpoint.Id, RepositoryKeys.CheckpointArchive(checkpoint.Id)) : null;

    private static void RequireUsable(string output, bool force)
    {
        if (File.Exists(output))
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "NotADirectory", $"'{output}' is a file, not a directory.", "Name a directory to check out into.");
        }

        if (!force && Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any())
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "DirectoryNotEmpty", $"The directory '{output}' is not empty.",
                "Name an empty or new directory, or force the check-out, which may overwrite existing files.");
        }
    }

    /// <summary>Opens a tarball to be read from start to end.</summary>
    internal async Task<TarballReader> OpenTarballAsync(
        string id, string key, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var tarball = await Tarball.OpenAsync(id, await FindArchiveAsync(id, key, cancellationToken), maxSize: null, cancellationToken);
        return await tarball.ReadAllAsync(progress, cancellationToken);
    }

    /// <summary>A tarball where it is now: what waits to be sent is read where it waits, and may be sent meanwhile.</summary>
    private async Task<ArchiveFile> FindArchiveAsync(string id, string key, CancellationToken cancellationToken)
    {
        var repository = experiment.Project.OpenRepository();
        Notices.Verbose($"Reading {key} of '{repository.Url}'.");
        await experiment.Project.Uploader.ArchiveAsync(id, key, cancellationToken);
        IObjectStore[] stores = [experiment.Project.Uploader.Spool.Store, repository.Store];
        foreach (var store in stores)
        {
            if (await store.StatAsync(key, cancellationToken) is { } found)
            {
                return ArchiveFile.Of(found, stores, () => repository.ArchiveMissing(key));
            }
        }

        throw repository.ArchiveMissing(key);
    }

    private (string Id, string Key)? OwnArchive() =>
        experiment.Path.Length > 0 ? (experiment.Id, RepositoryKeys.ExperimentArchive(experiment.Id)) : null;

    /// <summary>The tarballs that have the files, the one that goes over the other last; none where nothing was saved.</summary>
    internal IEnumerable<(string Id, string Key)> ArchivesOf(Checkpoint? checkpoint) =>
        new[] { OwnArchive(), checkpoint is null ? null : ArchiveOf(checkpoint) }.OfType<(string, string)>();

    private string Name(Checkpoint? checkpoint) => checkpoint is null
        ? $"experiment {experiment.ShortId}"
        : $"checkpoint {checkpoint.ShortId} or its experiment {experiment.ShortId}";

    private ReplicateException NotSaved(Checkpoint? checkpoint, string path) => new(
        ErrorKind.NotFound, "FileNotSaved", $"No file or directory '{path}' was saved with {Name(checkpoint)}.",
        "List the saved files to see their paths.");
}
