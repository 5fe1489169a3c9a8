using System.Runtime.CompilerServices;
using Replicate.Archives.Reading;
using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;

namespace Replicate.Archives.CheckingOut;

/// <summary>
/// Files on their way out of one or more tarballs into a directory. They gather in a staging directory inside the
/// target and move to their places only when every tarball was read whole. Disposing removes what did not move.
/// </summary>
internal sealed class CheckOut : IAsyncDisposable
{
    /// <summary>How the names of staging directories begin.</summary>
    internal const string StagingPrefix = ".replicate-checkout-";

    private readonly string _target;
    private readonly string? _path;
    private readonly string? _created;
    private readonly string _stagingName = StagingPrefix + Path.GetRandomFileName();
    private readonly OpenDirectory _directory;
    private readonly OpenDirectory _staging;
    private readonly CheckOutPlan? _plan;
    private readonly SortedDictionary<string, StagedFile> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _leftOut = new(StringComparer.Ordinal);
    private readonly bool _isFresh;
    private int _names;
    private bool _committed;
    private bool _isStuck;

    /// <summary>Begins to check out into a directory, which is created where it is missing.</summary>
    /// <param name="outputDirectory">The absolute target.</param>
    /// <param name="path">One saved file or directory (by path components), or null for all.</param>
    /// <exception cref="ReplicateException">The directory cannot be created or written to (<c>CheckOutFailed</c>).</exception>
    public CheckOut(string outputDirectory, string? path)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputDirectory));
        _path = path is null ? "" : ArchivePath.FromUser(path);
        _created = TopmostMissing(_target);
        try
        {
            _isFresh = _created is not null || !Directory.EnumerateFileSystemEntries(_target).Any();
            Directory.CreateDirectory(_target);
            _directory = OpenDirectory.Open(_target);
            _plan = CheckOutPlan.Begin(_target, _stagingName);
            _staging = _directory.TryCreate(_stagingName, isPrivate: true) ? _directory.Child(_stagingName)! : throw new IOException("Its name is taken.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _plan?.Dispose();
            _directory?.Dispose();
            throw FileErrors.CheckOutFailed(_target, e);
        }
    }

    /// <summary>Reads a tarball, in parallel and no more of it than is needed where it has an index; its files go over those added before.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The tarball.</param>
    /// <param name="maxSize">How many bytes it may expand to; null, or less than that, for the usual limit.</param>
    /// <param name="progress">Told how many compressed bytes are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">
    /// The tarball is damaged (<c>ArchiveDamaged</c>), hostile (<c>ArchiveRefused</c>) or expands to too much
    /// (<c>ArchiveTooLarge</c>), or the target cannot hold the files (<c>CheckOutFailed</c>). None of its files is checked
    /// out then.
    /// </exception>
    public async Task AddAsync(
        string id, ArchiveFile archive, long? maxSize = null, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var tarball = await Tarball.OpenAsync(id, archive, maxSize, cancellationToken);
        if (tarball.Index is not null && _path != "")
        {
            await AddAsync(id, tarball.ReadAsync(IsWanted, progress, cancellationToken), cancellationToken);
            return;
        }

        await using var entries = await tarball.ReadAllAsync(progress, cancellationToken);
        await AddAsync(id, ReadAsync(entries, cancellationToken), cancellationToken);
    }

    /// <summary>Moves the files to their places, over existing files, never through existing links.</summary>
    /// <returns>The files written, relative to the target, with <c>/</c>, in order; empty when nothing matched the path.</returns>
    /// <exception cref="ReplicateException">
    /// Directories or links are where files have to go, or the other way round (<c>PathInTheWay</c>, all listed), or a file
    /// could not be moved (<c>CheckOutFailed</c>). Nothing is changed then.
    /// </exception>
    public IReadOnlyList<string> Commit()
    {
        WarnLeftOut();
        new ConfigurationGuard(_target, _path ?? "", _isFresh, NamesOtherRepository).Apply(_files);
        PathsInTheWay.Check(_target, FileSystem ?? TargetFileSystem.Of(_staging.PathOf("")), _files.Keys);
        if (_files.Count > 0)
        {
            Place();
            _committed = true;
        }

        return [.. _files.Keys];
    }

    /// <summary>
    /// Whether a configuration file, given by its full path, names another repository than the one that is checked out of; as if
    /// all did where nobody knows.
    /// </summary>
    internal Func<string, bool> NamesOtherRepository { get; init; } = _ => true;

    /// <summary>Which names the target can hold; null to find out.</summary>
    internal TargetFileSystem? FileSystem { get; init; }

    /// <summary>Removes the staging directory, and the target where it was created for nothing.</summary>
    public ValueTask DisposeAsync()
    {
        try
        {
            _staging.Dispose();
            if (!_isStuck)
            {
                _directory.DeleteTree(_stagingName);
            }

            _directory.Dispose();
            RemoveCreated();
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Warn($"The directory '{Path.Combine(_target, _stagingName)}' could not be removed: {e.Message}");
            _plan?.Leave();
        }

        _directory.Dispose();
        _plan?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Place()
    {
        using var placement = new Placement(_directory, _staging);
        try
        {
            // Files that are new are nobody's loss; a power cut must not take those that are replaced.
            var replaces = !_isFresh && _files.Keys.Any(path => Path.Exists(Path.Combine(_target, path)));
            if (replaces)
            {
                _staging.Flush([.. _files.Values.Where(file => file.LinkTarget is null).Select(file => file.StagedName)]);
            }

            _plan?.Write(_files, isDurable: replaces);
            placement.Place(_files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (placement.TryRollBack())
            {
                _plan?.Abandon();
            }
            else
            {
                _isStuck = true;
                _plan?.Leave();
                Log.Warn(
                    $"What was replaced is kept in '{Path.Combine(_target, _stagingName, Placement.Replaced)}'; "
                    + "the next command tries to finish the check-out.");
            }

            throw FileErrors.CheckOutFailed(_target, e);
        }
    }

    private static string? TopmostMissing(string directory)
    {
        string? missing = null;
        for (var d = directory; d is not null && !Directory.Exists(d); d = Path.GetDirectoryName(d))
        {
            missing = d;
        }

        return missing;
    }

    private bool IsWanted(SavedFile file)
    {
        if (_path is null || !ArchivePath.IsAtOrBelow(file.Path, _path))
        {
            return false;
        }

        if (ProtectedNames.Contains(file.Path) || (file.LinkTarget is { } target && ProtectedNames.Contains(target)))
        {
            _leftOut.Add(file.Path);
            return false;
        }

        return true;
    }

    private void WarnLeftOut()
    {
        const int MaxNamed = 20;
        if (_leftOut.Count > 0)
        {
            Log.Warn(
                $"Not checked out, because version control or Replicate itself would obey what is in such files: "
                + $"{string.Join(", ", _leftOut.Take(MaxNamed).Select(path => $"'{path}'"))}"
                + (_leftOut.Count > MaxNamed ? $" and {_leftOut.Count - MaxNamed} others." : "."));
        }
    }

    private static async IAsyncEnumerable<TarballEntry> ReadAsync(
        TarballReader tarball, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await tarball.NextAsync(cancellationToken) is { } entry)
        {
            yield return entry;
        }
    }

    private async Task AddAsync(string id, IAsyncEnumerable<TarballEntry> entries, CancellationToken cancellationToken)
    {
        var added = new Dictionary<string, StagedFile>();
        await using var staging = new StagingWriter(_target, cancellationToken);
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            var file = entry.File;
            if (!IsWanted(file))
            {
                continue;
            }

            // A number for a name: what a tarball says can neither collide here nor lead anywhere.
            var staged = file.LinkTarget is null ? _staging.PathOf(FormattableString.Invariant($"{_names++}")) : null;
            added[file.Path] = new StagedFile(staged, file.LinkTarget);
            if (staged is not null)
            {
                await staging.WriteAsync(entry, staged);
            }
        }

        await staging.CompleteAsync();
        RemoveWhatIsInTheWayOf(added.Keys);
        foreach (var (path, file) in added)
        {
            _files[path] = file;
        }
    }

    /// <summary>A file goes over a directory of an earlier tarball, and a directory over a file or link.</summary>
    private void RemoveWhatIsInTheWayOf(ICollection<string> added)
    {
        var directories = added.SelectMany(ArchivePath.Ancestors).ToHashSet();
        var covered = _files.Keys
            .Where(path => directories.Contains(path) || ArchivePath.Ancestors(path).Any(added.Contains))
            .ToList();
        covered.ForEach(path => _files.Remove(path));
    }

    private void RemoveCreated()
    {
        for (var directory = _target;
            !_committed && _created is not null && directory.Length >= _created.Length
            && !Directory.EnumerateFileSystemEntries(directory).Any();
            directory = Path.GetDirectoryName(directory)!)
        {
            Directory.Delete(directory);
        }
    }
}
