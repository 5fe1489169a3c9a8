using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Runs.Saves;

/// <summary>The pipes whose writes come in the queue of <see cref="InotifyChanges"/>: a program's outputs, and those that this process opens.</summary>
/// <param name="queue">The queue; it stays its owner's.</param>
internal sealed class WatchedPipes(SafeFileHandle queue) : IDisposable
{
    private const int OtherPipe = 2;

    private readonly Dictionary<int, int> _streams = [];
    private readonly HashSet<string> _known = [.. OfThisProcess().Select(pipe => pipe.Name)];
    private readonly SafeFileHandle?[] _readers = new SafeFileHandle?[2];

    /// <summary>The stream that a watch is of; null for another.</summary>
    internal int? StreamOf(int watch) => _streams.TryGetValue(watch, out var stream) ? stream : null;

    /// <summary>Forgets a watch that is gone.</summary>
    internal void Forget(int watch) => _streams.Remove(watch);

    /// <inheritdoc cref="IFileChanges.TryFollowOutput"/>
    internal bool TryFollowOutput(int stream, int process)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{stream + 1}");
        try
        {
            if (new FileInfo(path).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) != true)
            {
                return false;
            }

            // A second reading end, which never reads, tells whether the first has read all.
            _readers[stream] = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended already, or is of another user.
            return false;
        }

        return TryFollow(path, stream);
    }

    /// <inheritdoc cref="IFileChanges.HasUnread"/>
    internal bool HasUnread(int stream) => _readers[stream] is { } reader && Inotify.HasBytes(reader);

    /// <inheritdoc cref="IFileChanges.HasEnded"/>
    internal bool HasEnded(int stream) => _readers[stream] is { } reader && Inotify.HasEnded(reader);

    /// <inheritdoc cref="IFileChanges.WaitForOutput"/>
    internal void WaitForOutput(int stream)
    {
        if (_readers[stream] is { } reader)
        {
            Inotify.WaitForBytes(reader);
        }
    }

    /// <inheritdoc cref="IFileChanges.FollowPipes"/>
    internal int FollowNew()
    {
        foreach (var (name, descriptor) in OfThisProcess())
        {
            if (_known.Add(name))
            {
                TryFollow(descriptor, OtherPipe);
            }
        }

        return _streams.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reader in _readers)
        {
            reader?.Dispose();
        }
    }

    private bool TryFollow(string descriptor, int stream)
    {
        var watch = Inotify.Watch(queue, descriptor, Inotify.Modified);
        if (watch >= 0)
        {
            _streams[watch] = stream;
        }

        return watch >= 0;
    }

    /// <summary>The pipes that this process can read from.</summary>
    private static IEnumerable<(string Name, string Descriptor)> OfThisProcess()
    {
        foreach (var descriptor in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            string? name;
            try
            {
                name = new FileInfo(descriptor).LinkTarget;
                if (name is null || !name.StartsWith("pipe:", StringComparison.Ordinal) || !IsReadOnly(Path.GetFileName(descriptor)))
                {
                    continue;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It was closed meanwhile.
                continue;
            }

            yield return (name, descriptor);
        }
    }

    private static bool IsReadOnly(string descriptor) =>
        File.ReadLines("/proc/self/fdinfo/" + descriptor).Any(line => line.StartsWith("flags:", StringComparison.Ordinal) && line[^1] is '0' or '4');
}
