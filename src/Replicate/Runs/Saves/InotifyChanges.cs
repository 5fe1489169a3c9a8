using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Runs.Saves;

/// <summary>
/// Changes as Linux tells of them. Since writes to a pipe come in the same queue, the order of what a program saves and what it
/// prints is known exactly, however late it is read.
/// </summary>
internal sealed class InotifyChanges : IFileChanges
{
    private const int HeaderLength = 16;

    /// <summary>So many directories with metrics files are watched.</summary>
    private const int MostDirectories = 1000;

    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly string _path;
    private readonly string _root;
    private readonly SafeFileHandle _queue;
    private readonly SafeFileHandle _bell;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly Dictionary<int, string> _directories = [];
    private readonly List<(string Path, int Stream)> _files = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly WatchedPipes _pipes;
    private bool _isIncomplete;

    private InotifyChanges(string path, string root, SafeFileHandle queue, SafeFileHandle bell)
    {
        (_path, _root, _queue, _bell) = (path, root, queue, bell);
        _pipes = new WatchedPipes(queue);
        WatchWhatIsThere(log: null);
    }

    /// <summary>Begins to watch a path.</summary>
    /// <param name="path">The absolute path; it need not exist yet.</param>
    /// <param name="root">A directory above it that stays.</param>
    /// <returns>Null where the system does not tell of changes, or not of all of these.</returns>
    internal static InotifyChanges? TryOpen(string path, string root)
    {
        if (Inotify.TryOpen() is not { } queue)
        {
            return null;
        }

        if (Inotify.TryOpenBell() is not { } bell)
        {
            queue.Dispose();
            return null;
        }

        var changes = new InotifyChanges(path, root, queue, bell);
        if (!changes._isIncomplete)
        {
            return changes;
        }

        changes.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Read(SaveLog log, bool isNow = false)
    {
        while (Inotify.Take(_queue, _buffer) is > 0 and var length)
        {
            for (var rest = _buffer.AsSpan(0, length); rest.Length >= HeaderLength;)
            {
                var nameLength = BinaryPrimitives.ReadInt32LittleEndian(rest[12..]);
                Take(
                    log, BinaryPrimitives.ReadInt32LittleEndian(rest), BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]),
                    rest.Slice(HeaderLength, nameLength).TrimEnd((byte)0));
                rest = rest[(HeaderLength + nameLength)..];
            }
        }
    }

    /// <inheritdoc/>
    public void Wait(int milliseconds) => Inotify.Wait(_queue, _bell, milliseconds);

    /// <inheritdoc/>
    public void Wake() => Inotify.Ring(_bell);

    /// <inheritdoc/>
    public bool TryFollowOutput(int stream, int process) => _pipes.TryFollowOutput(stream, process);

    /// <inheritdoc/>
    public bool HasUnread(int stream) => _pipes.HasUnread(stream);

    /// <inheritdoc/>
    public bool HasEnded(int stream) => _pipes.HasEnded(stream);

    /// <inheritdoc/>
    public void WaitForOutput(int stream) => _pipes.WaitForOutput(stream);

    /// <inheritdoc/>
    public int? FollowPipes() => _pipes.FollowNew();

    /// <inheritdoc/>
    public bool TryFollowFile(string path, int stream)
    {
        if (IsWithin(_path, path) || IsWithin(path, _path))
        {
            return false;
        }

        _files.Add((path, stream));
        WatchFiles();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Dispose();
        _bell.Dispose();
        _pipes.Dispose();
    }

    private void Take(SaveLog log, int watch, uint events, ReadOnlySpan<byte> name)
    {
        if ((events & Inotify.QueueOverflow) != 0)
        {
            // Whatever it was, what is saved may be another file than it was.
            log.Change(_path, isFinished: true);
            WatchWhatIsThere(log);
        }
        else if ((events & Inotify.WatchGone) != 0)
        {
            _directories.Remove(watch);
            _pipes.Forget(watch);
        }
        else if (_pipes.StreamOf(watch) is { } stream)
        {
            log.Print(stream);
        }
        else if (_directories.TryGetValue(watch, out var directory) && !name.IsEmpty)
        {
            TakeChange(log, Path.Join(directory, Encoding.UTF8.GetString(name)), events);
        }
    }

    private void TakeChange(SaveLog log, string path, uint events)
    {
        TakeMetrics(log, path, events);
        var isWithin = IsWithin(_path, path);
        if ((events & Inotify.IsDirectory) == 0)
        {
            if (isWithin)
            {
                TakeFileChange(log, path, events);
            }
        }
        else if (isWithin || IsWithin(path, _path))
        {
            if ((events & (Inotify.MovedFrom | Inotify.Deleted)) != 0)
            {
                log.Change(path, isFinished: true);
            }
            else if ((events & (Inotify.MovedTo | Inotify.Created)) != 0)
            {
                WatchWhatIsThere(log);
            }
        }
    }

    private void TakeMetrics(SaveLog log, string path, uint events)
    {
        foreach (var (file, stream) in _files)
        {
            if ((events & Inotify.IsDirectory) == 0)
            {
                if ((events & (Inotify.Modified | Inotify.MovedTo)) != 0 && IsWithin(file, path))
                {
                    log.Print(stream);
                }
            }
            else if ((events & (Inotify.MovedTo | Inotify.Created)) != 0 && (IsWithin(file, path) || IsWithin(path, file)))
            {
                WatchFiles();
                return;
            }
        }
    }

    /// <summary>Watches the directories in which metrics files are or will be, as far as they exist.</summary>
    private void WatchFiles()
    {
        foreach (var (file, _) in _files)
        {
            var directory = Path.GetDirectoryName(file);
            while (directory is not null && !Directory.Exists(directory))
            {
                directory = Path.GetDirectoryName(directory);
            }

            if (directory is not null)
            {
                TryWatch(directory, Inotify.AnyChange, out _);
            }

            if (Directory.Exists(file))
            {
                foreach (var below in Directory.EnumerateDirectories(file, "*", Below).Prepend(file).Take(MostDirectories))
                {
                    TryWatch(below, Inotify.AnyChange, out _);
                }
            }
        }
    }

    private void TakeFileChange(SaveLog log, string path, uint events)
    {
        if ((events & (Inotify.Modified | Inotify.Created)) != 0)
        {
            _written.Add(path);
            log.Change(path, isFinished: false);
        }
        else if (_written.Remove(path) || (events & Inotify.ClosedAfterWrite) == 0)
        {
            // Who only opened it, as touch does, has changed nothing.
            log.Change(path, isFinished: true);
        }
    }

    /// <summary>Watches the directories above the path, and those in it, as far as they exist.</summary>
    /// <param name="log">Told of files in directories that are new; null for nobody.</param>
    private void WatchWhatIsThere(SaveLog? log)
    {
        var events = Inotify.AnyChange;
        for (var directory = Path.GetDirectoryName(_path); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            TryWatch(directory, events, out _);
            if (!IsWithin(_root, directory) || directory.Length <= _root.Length)
            {
                break;
            }

            // Of what lies beside it nothing is wanted.
            events = Inotify.EntryChange;
        }

        if (Directory.Exists(_path) && new DirectoryInfo(_path).LinkTarget is null)
        {
            WatchTree(_path, log);
        }
    }

    private void WatchTree(string directory, SaveLog? log)
    {
        if (!TryWatch(directory, Inotify.AnyChange, out var isNew))
        {
            _isIncomplete |= Directory.Exists(directory);
            return;
        }

        try
        {
            foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo { LinkTarget: null })
                {
                    WatchTree(entry.FullName, log);
                }
                else if (isNew)
                {
                    // It may have been written before anybody watched, or be written now.
                    _written.Add(entry.FullName);
                    log?.Change(entry.FullName, isFinished: false);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It vanished meanwhile, or is nobody's to read: what can't be read can't be saved.
        }
    }

    private bool TryWatch(string directory, uint events, out bool isNew)
    {
        var watch = Inotify.Watch(_queue, directory, events | Inotify.OnlyDirectory | Inotify.AddToMask);
        isNew = watch >= 0 && _directories.TryAdd(watch, directory);
        if (watch >= 0)
        {
            _directories[watch] = directory;
        }

        return watch >= 0;
    }

    private static bool IsWithin(string directory, string path) =>
        path.StartsWith(directory, StringComparison.Ordinal)
        && (path.Length == directory.Length || path[directory.Length] == Path.DirectorySeparatorChar || directory.EndsWith(Path.DirectorySeparatorChar));
}
