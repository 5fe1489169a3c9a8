using Replicate.Archives.CheckingOut;
using Replicate.Archives.Reading;
using Replicate.Archives.Selecting;
using Replicate.Configuration;
using Replicate.Metadata;
using Replicate.Recording;
using Replicate.Recording.Inputs;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate;

/// <summary>Gets back what was saved with an experiment and its checkpoints.</summary>
internal sealed class SavedFiles(Experiment experiment)
{
    // Somebody waits for an error; and a list of many names helps nobody.
    private const int MaxLookedInto = 64;
    private const int MaxNamed = 3;
    private const string FileScheme = "file://";

    internal async Task<CheckOutResult> CheckOutAsync(
        Checkpoint? checkpoint, CheckOutOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var output = Path.GetFullPath(options.OutputDirectory ?? experiment.Project.Directory, experiment.Project.Directory);
        var chosen = new Match(experiment, checkpoint).Choose(options.Choice);
        checkpoint = chosen.Checkpoint;
        var archives = ArchivesOf(checkpoint).ToArray();
        WarnWithoutFiles(chosen);
        if (archives.Length == 0)
        {
            throw new ReplicateException(
                ErrorKind.NotFound, "NothingSaved", $"No files were saved with {Name(checkpoint)}.",
                "Save files by giving a path when an experiment is created or a checkpoint is added.");
        }

        PendingCheckOuts.Finish();
        RequireUsable(output, options.Force);
        var configuration = experiment.Project.Configuration;
        var isTarget = IsEmpty(output) || CheckOutTargets.Of(configuration).Contains(RealPath.Of(output));
        await using var checkOut = new CheckOut(output, options.Path) { NamesOtherRepository = NamesOtherRepository };
        foreach (var archive in archives)
        {
            await checkOut.AddAsync(archive.Id, await FindArchiveAsync(archive, cancellationToken), options.MaxSize, progress, cancellationToken);
        }

        var files = checkOut.Commit();
        await WarnOfInputsAsync(cancellationToken);
        if (isTarget)
        {
            CheckOutTargets.Add(configuration, output, files);
        }

        return files.Count > 0 || options.Path is null
            ? new CheckOutResult(experiment, checkpoint, output, files) { Reason = chosen.Reason }
            : throw await NotSavedAsync(checkpoint, options.Path, cancellationToken);
    }

    /// <summary>
    /// Whether a configuration file names another repository than this experiment's, seen from its project; true where it can't be
    /// read. A directory below that of the file is none: nothing gets out through it.
    /// </summary>
    private bool NamesOtherRepository(string file)
    {
        try
        {
            var project = experiment.Project;
            return YamlConfiguration.Parse(file).Repository is { } url
                && !(url.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) && ArchivePath.FromUser(url[FileScheme.Length..]) is not null)
                && StoreUrl.Normalize(url, project.Directory) != project.Repository;
        }
        catch (ReplicateException)
        {
            return true;
        }
    }

    /// <summary>Lists the files of a checkpoint alone; without one, what a check-out of the experiment would write, by path.</summary>
    internal async Task<IReadOnlyList<SavedFile>> ListAsync(Checkpoint? checkpoint, long? maxSize, CancellationToken cancellationToken)
    {
        if (checkpoint is not null)
        {
            return SavedArchive.Of(checkpoint) is { } own ? await ListAsync(own, $"checkpoint {checkpoint}", maxSize, cancellationToken) : [];
        }

        var chosen = experiment.Choose();
        var files = SavedArchive.Of(experiment.Metadata) is { } ours ? await ListAsync(ours, $"experiment {experiment.ShortId}", maxSize, cancellationToken) : [];
        if (chosen.Checkpoint is { } best && SavedArchive.Of(best) is { } theirs)
        {
            var over = await ListAsync(theirs, $"checkpoint {chosen}", maxSize, cancellationToken);
            var paths = over.Select(file => file.Path).ToHashSet();
            var directories = over.SelectMany(file => ArchivePath.Ancestors(file.Path)).ToHashSet();
            files =
            [
                .. files.Where(file => !paths.Contains(file.Path) && !directories.Contains(file.Path) && !ArchivePath.Ancestors(file.Path).Any(paths.Contains))
                    .Concat(over).OrderBy(file => file.Path, StringComparer.Ordinal),
            ];
        }

        return files;
    }

    /// <summary>Reads the experiment's tarball, or a checkpoint's own, once from start to end.</summary>
    /// <param name="checkpoint">One of its checkpoints, or null for the files of the experiment itself.</param>
    /// <param name="read">Told each file with its content; the later one counts where a path comes twice.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task ReadAsync(
        Checkpoint? checkpoint, Func<SavedFile, Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        if ((checkpoint is null ? SavedArchive.Of(experiment.Metadata) : SavedArchive.Of(checkpoint)) is { } found)
        {
            await using var tarball = await OpenTarballAsync(found, progress: null, cancellationToken);
            while (await tarball.NextAsync(cancellationToken) is { } entry)
            {
                await read(entry.File, entry.Content, cancellationToken);
            }
        }
    }

    internal async Task<Stream> OpenAsync(Checkpoint? checkpoint, string path, long? maxSize, CancellationToken cancellationToken)
    {
        var chosen = new Match(experiment, checkpoint).Choose();
        foreach (var archive in ArchivesOf(chosen.Checkpoint).Reverse())
        {
            var found = await FindArchiveAsync(archive, cancellationToken);
            if (await ArchiveReader.OpenAsync(archive.Id, found, path, maxSize, cancellationToken) is { } file)
            {
                var where = archive.Id == experiment.Id ? $"experiment {experiment.ShortId}" : $"checkpoint {chosen}";
                Log.Verbose($"'{path}' was saved with {where}.");
                return file;
            }
        }

        throw await NotSavedAsync(chosen.Checkpoint, path, cancellationToken);
    }

    /// <summary>Warns of a checkpoint without files of its own, or without some, see <see cref="FilesWarning"/>.</summary>
    /// <summary>Says which inputs are not what the run read; where the files went, nothing hangs on that.</summary>
    private async Task WarnOfInputsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var changed = await RunInputs.ChangedAsync(experiment.Project.Configuration, experiment.Inputs, cancellationToken);
            if (changed.Count > 0)
            {
                var names = string.Join(", ", changed.Take(MaxNamed).Select(name => $"'{Value.Escape(name)}'"));
                Log.Warn(
                    $"{Amounts.Of(changed.Count, "input")} of experiment {experiment.ShortId} {(changed.Count == 1 ? "is" : "are")} not what it read: {names}"
                    + (changed.Count > MaxNamed ? " and others." : "."));
            }
        }
        catch (ReplicateException error)
        {
            Log.Warn($"It can't be told whether the inputs of experiment {experiment.ShortId} have changed: {error.Message}");
        }
    }

    internal static void WarnWithoutFiles(ChosenCheckpoint chosen)
    {
        if (FilesWarning.Of(chosen) is { Length: > 0 } warning)
        {
            Log.Warn(warning);
        }
    }

    /// <summary>The checkpoints, newest first, that hold a file or directory; of a path that many may hold, not all are looked into.</summary>
    private async Task<IReadOnlyList<Checkpoint>> HoldersOfAsync(string path, CancellationToken cancellationToken)
    {
        var holders = new List<Checkpoint>();
        var normal = ArchivePath.FromUser(path);
        var candidates = normal is null ? [] : experiment.Checkpoints.Reverse().Where(checkpoint => MayHold(checkpoint, normal)).Take(MaxLookedInto);
        foreach (var candidate in candidates.TakeWhile(_ => holders.Count <= MaxNamed))
        {
            try
            {
                var files = await ListAsync(candidate, maxSize: null, cancellationToken);
                if (files.Any(file => ArchivePath.IsAtOrBelow(file.Path, normal!)))
                {
                    holders.Add(candidate);
                }
            }
            catch (ReplicateException error)
            {
                // What is looked for is more important than what is wrong here.
                Log.Verbose($"Checkpoint {candidate} is passed over: {error.Message}");
            }
        }

        return holders;
    }

    private static bool MayHold(Checkpoint checkpoint, string path) =>
        checkpoint.Path.Length > 0
        && (ArchivePath.FromUser(checkpoint.Path) is not { } saved || ArchivePath.IsAtOrBelow(path, saved) || ArchivePath.IsAtOrBelow(saved, path));

    private async Task<IReadOnlyList<SavedFile>> ListAsync(
        SavedArchive archive, string savedWith, long? maxSize, CancellationToken cancellationToken)
    {
        var found = await FindArchiveAsync(archive, cancellationToken);
        return [.. (await ArchiveReader.ListAsync(archive.Id, found, maxSize, cancellationToken))
            .Select(file => file with { Id = archive.Id, SavedWith = savedWith })];
    }

    private static void RequireUsable(string output, bool force)
    {
        if (File.Exists(output))
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "NotADirectory", $"'{output}' is a file, not a directory.", "Name a directory to check out into.");
        }

        if (!force && !IsEmpty(output))
        {
            throw new ReplicateException(
                ErrorKind.Conflict, ErrorIds.DirectoryNotEmpty, $"The directory '{output}' is not empty.",
                "Name an empty or new directory, or force the check-out, which may overwrite existing files.");
        }
    }

    private static bool IsEmpty(string directory) =>
        !Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any();

    /// <summary>Opens a tarball to be read from start to end.</summary>
    internal async Task<TarballReader> OpenTarballAsync(
        SavedArchive archive, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var tarball = await FindTarballAsync(archive, cancellationToken);
        return await tarball.ReadAllAsync(progress, cancellationToken);
    }

    /// <summary>A tarball with its index, where it has one; nothing else of it is read.</summary>
    internal async Task<Tarball> FindTarballAsync(SavedArchive archive, CancellationToken cancellationToken) =>
        await Tarball.OpenAsync(archive.Id, await FindArchiveAsync(archive, cancellationToken), maxSize: null, cancellationToken);

    /// <summary>A tarball where it is now: what waits to be sent is read where it waits, and may be sent meanwhile.</summary>
    private async Task<ArchiveFile> FindArchiveAsync(SavedArchive archive, CancellationToken cancellationToken)
    {
        var key = archive.Key;
        var repository = experiment.Project.Workspace.Repository;
        Log.Verbose($"Reading {key} of '{repository.Url}'.");
        await experiment.Project.Workspace.Uploader.ArchiveAsync(archive.Id, key, cancellationToken);
        IObjectStore[] stores = [experiment.Project.Workspace.Uploader.Spool.Store, repository.Store];
        foreach (var store in stores)
        {
            if (await store.StatAsync(key, cancellationToken) is { } found)
            {
                return ArchiveFile.Of(found, archive.Sha256, stores, () => repository.ArchiveMissing(key));
            }
        }

        // What a repair moved out of the way while its writer was busy is still what was saved.
        return await AsideFiles.FindAsync(repository.Store, key, cancellationToken) is { } aside
            ? ArchiveFile.Of(aside, archive.Sha256, [repository.Store], () => repository.ArchiveMissing(key))
            : throw repository.ArchiveMissing(key);
    }

    /// <summary>The tarballs that have the files, the one that goes over the other last; none where nothing was saved.</summary>
    internal IEnumerable<SavedArchive> ArchivesOf(Checkpoint? checkpoint) =>
        new[] { SavedArchive.Of(experiment.Metadata), checkpoint is null ? null : SavedArchive.Of(checkpoint) }.OfType<SavedArchive>();

    private string Name(Checkpoint? checkpoint) => checkpoint is null
        ? $"experiment {experiment.ShortId}"
        : $"checkpoint {checkpoint.ShortId} or its experiment {experiment.ShortId}";

    private async Task<ReplicateException> NotSavedAsync(Checkpoint? checkpoint, string path, CancellationToken cancellationToken)
    {
        var holders = await HoldersOfAsync(path, cancellationToken);
        var message = $"No file or directory '{path}' was saved with {Name(checkpoint)}";
        return holders switch
        {
            [] => new(ErrorKind.NotFound, ErrorIds.FileNotSaved, $"{message}.", "List the saved files to see their paths."),
            [var only] => new(
                ErrorKind.NotFound, ErrorIds.FileNotSaved, $"{message}; only checkpoint {only} holds it.", $"Name that checkpoint, {only.ShortId}."),
            _ => new(
                ErrorKind.NotFound, ErrorIds.FileNotSaved,
                $"{message}; other checkpoints hold it, as {string.Join(", ", holders.Take(MaxNamed))}{(holders.Count > MaxNamed ? ", …" : "")}.",
                "Name one of these checkpoints."),
        };
    }
}
