using System.Runtime.CompilerServices;

namespace Replicate.Storage.Disk;

/// <summary>A directory as a store: an object is a file, and what stands before a slash of its key a directory.</summary>
/// <remarks>
/// An object is written beside its place, flushed, and renamed into it under the lock of the directory, so that of
/// several writers one wins. Reading takes no lock.
/// </remarks>
internal sealed class DiskStore : IObjectStore, IJournalStore, IGrowingObjects, ILeftovers
{
    private readonly string _directory;
    private readonly DirectoryLock _lock;
    private readonly StoreCapabilities _capabilities;
    private UnixFileMode? _mode;

    /// <summary>A store in a directory, which need not exist before something is put.</summary>
    /// <param name="directory">
    /// Its absolute path. Where it is there, its mode tells who may read what is put; where it is not, only its owner may.
    /// </param>
    public DiskStore(string directory)
        : this(directory, isPrivate: false)
    {
    }

    /// <summary>The same, where only the owner may read what is put, whoever made the directory.</summary>
    internal DiskStore(string directory, bool isPrivate)
    {
        _directory = Path.TrimEndingDirectorySeparator(directory);
        _mode = isPrivate ? CreationMode.Private : null;
        _lock = new DirectoryLock(_directory) { Directories = () => Mode };
        Url = StoreUrl.OfDirectory(_directory);
        _capabilities = new StoreCapabilities { Local = this, Journals = this, Growing = this, Leftovers = this };
    }

    /// <inheritdoc/>
    public string Url { get; }

    /// <inheritdoc/>
    StoreCapabilities IObjectStore.Capabilities => _capabilities;

    // Looked up when something is about to be created; it is what the directory has then.
    private UnixFileMode Mode => _mode ??= CreationMode.Below(_directory);

    /// <inheritdoc/>
    public async Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default)
    {
        var path = DiskKey.ToPath(_directory, key);
        try
        {
            using var file = DiskFile.TryOpen(path);
            return file is null ? null : await DiskFile.ReadAsync(file, path, cancellationToken);
        }
        catch (Exception e) when (DiskError.From(e, "read", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public async Task ReadAsync(
        string key, Action<ReadOnlyMemory<byte>, FileVersion> use, CancellationToken cancellationToken)
    {
        var path = DiskKey.ToPath(_directory, key);
        try
        {
            using var file = DiskFile.TryOpen(path);
            if (file is not null)
            {
                await DiskFile.BorrowAsync(file, path, use, cancellationToken);
            }
        }
        catch (Exception e) when (DiskError.From(e, "read", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();
        var path = DiskKey.ToPath(_directory, key);
        Log.Verbose($"Reading '{path}'.");
        try
        {
            var file = DiskFile.TryOpen(path, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return Task.FromResult<Stream?>(file is null ? null : new FileRange(file, offset, length ?? long.MaxValue));
        }
        catch (Exception e) when (DiskError.From(e, "read", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = DiskKey.ToPath(_directory, key);
        try
        {
            return Task.FromResult(
                DiskFile.VersionOf(path)?.ToInfo(key));
        }
        catch (Exception e) when (DiskError.From(e, "read", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default) =>
        PutAsync(key, content, condition, [], cancellationToken);

    /// <inheritdoc/>
    public Task<string?> ReplaceAsync(
        string key, ObjectContent content, string version, IReadOnlyCollection<string> compacted, CancellationToken cancellationToken) =>
        PutAsync(key, content, PutCondition.IfVersion(version), compacted, cancellationToken);

    /// <inheritdoc/>
    public async Task<JournalPosition?> TryAppendAsync(
        string key, ReadOnlyMemory<byte> lines, JournalPosition? after, Func<Task<bool>>? isWanted, CancellationToken cancellationToken)
    {
        var path = DiskKey.ToPath(_directory, key);
        try
        {
            DiskFile.CreateDirectory(Path.GetDirectoryName(path)!, Mode);
            using (await _lock.AcquireAsync(cancellationToken))
            {
                return isWanted is null || await isWanted() ? JournalFile.TryAppend(path, lines, after, Mode) : null;
            }
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public Stream? TryCreate(string key)
    {
        var path = DiskKey.ToPath(_directory, key);
        try
        {
            DiskFile.CreateDirectory(Path.GetDirectoryName(path)!, Mode);
            return File.Exists(path) ? null : new FileStream(
                path, CreationMode.Open(FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, Mode));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public void ForgetEmpty(string prefix)
    {
        try
        {
            Directory.Delete(DiskKey.ToPath(_directory, prefix.TrimEnd('/')));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something is in it, or it isn't there.
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryRenameAsync(string key, string newKey, CancellationToken cancellationToken)
    {
        var (path, newPath) = (DiskKey.ToPath(_directory, key), DiskKey.ToPath(_directory, newKey));
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            DiskFile.CreateDirectory(Path.GetDirectoryName(newPath)!, Mode);
            using (await _lock.AcquireAsync(cancellationToken))
            {
                File.Move(path, newPath);
                return true;
            }
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        var paths = keys.Select(key => DiskKey.ToPath(_directory, key)).Where(File.Exists).ToList();
        if (paths.Count == 0)
        {
            return;
        }

        using var held = await _lock.AcquireAsync(cancellationToken);
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Log.Verbose($"Deleting '{path}'.");
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (DiskError.From(e, "delete", path) is { } error)
            {
                throw error;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield(); // The system lists synchronously: not on the thread of the caller.
        foreach (var info in Objects(prefix, cancellationToken))
        {
            yield return info;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ObjectInfo> List(string prefix, CancellationToken cancellationToken) =>
        [.. Objects(prefix, cancellationToken)];

    /// <inheritdoc/>
    public bool TryFlush(string key)
    {
        var path = DiskKey.ToPath(_directory, key);
        if (!DiskFile.TryFlush(path))
        {
            return false;
        }

        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <inheritdoc/>
    public void FlushNames(string key) => DirectoryFlush.Flush(Path.GetDirectoryName(DiskKey.ToPath(_directory, key))!);

    private IEnumerable<ObjectInfo> Objects(string prefix, CancellationToken cancellationToken)
    {
        Log.Verbose($"Listing '{prefix}' in '{_directory}'.");
        using var listing = DiskListing.Open(_directory, prefix);
        while (listing?.TryNext() == true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return listing.Current;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Leftover> ListLeftoversAsync(string prefix, CancellationToken cancellationToken = default) =>
        DiskLeftovers.ListAsync(_directory, prefix, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryKeepAsync(string name, string key, CancellationToken cancellationToken = default) =>
        Task.FromResult(DiskLeftovers.TryKeep(_directory, name, DiskKey.ToPath(_directory, key), Mode));

    private async Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition, IReadOnlyCollection<string> compacted, CancellationToken cancellationToken)
    {
        var path = DiskKey.ToPath(_directory, key);
        var temporary = DiskKey.TemporaryBeside(path);
        var paths = compacted.Select(taken => DiskKey.ToPath(_directory, taken)).ToArray();
        try
        {
            if (!IsMet(condition, DiskFile.VersionOf(path)))
            {
                return null;
            }

            Log.Verbose($"Writing '{path}'.");
            await DiskFile.WriteAsync(temporary, content, Mode, cancellationToken);
            string version;
            using (await _lock.AcquireAsync(cancellationToken))
            {
                var current = DiskFile.VersionOf(path);
                if (!IsMet(condition, current) || !Array.TrueForAll(paths, File.Exists))
                {
                    return null;
                }

                version = (await DiskFile.ReplaceAsync(path, current, temporary, cancellationToken)).ToString();
                if (paths.Length > 0)
                {
                    // A power failure may keep a deletion and lose the rename before it: nothing would have what was compacted.
                    DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
                    Array.ForEach(paths, File.Delete);
                }
            }

            if (content.IsDurable && content.IsNameDurable && paths.Length == 0)
            {
                DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
            }

            return version;
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
        finally
        {
            DiskFile.TryDelete(temporary);
        }
    }

    private static bool IsMet(PutCondition condition, FileVersion? current) =>
        condition.MustBeAbsent ? current is null
        : condition.Version is null || condition.Version == current?.ToString();
}
