using Replicate.Archives;
using Replicate.Format;

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
            await using var archive = await OpenArchiveAsync(id, key, cancellationToken);
            await checkOut.AddAsync(id, archive, progress, cancellationToken);
        }

        var files = checkOut.Commit();
        return files.Count > 0 || options.Path is null
            ? new CheckOutResult(experiment, checkpoint, output, files)
            : throw NotSaved(checkpoint, options.Path);
    }

    internal async Task<IReadOnlyList<SavedFile>> ListAsync(Checkpoint? checkpoint, CancellationToken cancellationToken)
    {
        var own = checkpoint is null ? OwnArchive() : ArchiveOf(checkpoint);
        if (own is not { } found)
        {
            return [];
        }

        await using var archive = await OpenArchiveAsync(found.Id, found.Key, cancellationToken);
        return await ArchiveReader.ListAsync(found.Id, archive, cancellationToken);
    }

    internal async Task<Stream> OpenAsync(Checkpoint? checkpoint, string path, CancellationToken cancellationToken)
    {
        foreach (var (id, key) in ArchivesOf(checkpoint).Reverse())
        {
            var archive = await OpenArchiveAsync(id, key, cancellationToken);
            if (await ArchiveReader.OpenAsync(id, archive, path, cancellationToken) is { } file)
            {
                return file;
            }

            await archive.DisposeAsync();
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

    // What waits to be sent is read where it waits.
    private async Task<Stream> OpenArchiveAsync(string id, string key, CancellationToken cancellationToken) =>
        await experiment.Project.Uploader.OpenArchiveAsync(id, key, cancellationToken)
        ?? await experiment.Project.OpenRepository().OpenArchiveAsync(key, cancellationToken);

    private (string Id, string Key)? OwnArchive() =>
        experiment.Path.Length > 0 ? (experiment.Id, RepositoryKeys.ExperimentArchive(experiment.Id)) : null;

    private IEnumerable<(string Id, string Key)> ArchivesOf(Checkpoint? checkpoint) =>
        new[] { OwnArchive(), checkpoint is null ? null : ArchiveOf(checkpoint) }.OfType<(string, string)>();

    private string Name(Checkpoint? checkpoint) => checkpoint is null
        ? $"experiment {experiment.ShortId}"
        : $"checkpoint {checkpoint.ShortId} or its experiment {experiment.ShortId}";

    private ReplicateException NotSaved(Checkpoint? checkpoint, string path) => new(
        ErrorKind.NotFound, "FileNotSaved", $"No file or directory '{path}' was saved with {Name(checkpoint)}.",
        "List the saved files to see their paths.");
}
