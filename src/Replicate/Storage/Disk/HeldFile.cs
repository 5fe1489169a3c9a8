using System.Diagnostics;

namespace Replicate.Storage.Disk;

/// <summary>
/// Replaces and deletes files that Windows refuses while somebody has them open: a reader for a moment, a virus scanner or an
/// indexer for seconds after they were written. It is tried again for a while; other systems refuse nothing for that.
/// </summary>
internal static class HeldFile
{
    private const int MappedFile = 1224;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Renames a finished file into the place of another, also of one that is read-only, as on other systems.</summary>
    public static void Replace(string finished, string path)
    {
        for (var tries = new Tries(path); !tries.Succeeds(() => File.Move(finished, path, overwrite: true));)
        {
            Thread.Sleep(tries.Pause());
        }
    }

    /// <inheritdoc cref="Replace"/>
    public static async Task ReplaceAsync(string finished, string path, CancellationToken cancellationToken)
    {
        for (var tries = new Tries(path); !tries.Succeeds(() => File.Move(finished, path, overwrite: true));)
        {
            await Task.Delay(tries.Pause(), cancellationToken);
        }
    }

    /// <summary>Deletes a file, also one that is read-only, as on other systems.</summary>
    public static void Delete(string path)
    {
        for (var tries = new Tries(path); !tries.Succeeds(() => File.Delete(path));)
        {
            Thread.Sleep(tries.Pause());
        }
    }

    /// <summary>Deletes a directory with all that it holds, also what is read-only.</summary>
    public static void DeleteDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // Links are deleted themselves: what they lead to is none of its.
            var below = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
            foreach (var file in new DirectoryInfo(path).EnumerateFiles("*", below).Where(file => file.IsReadOnly))
            {
                file.IsReadOnly = false;
            }
        }

        Directory.Delete(path, recursive: true);
    }

    private sealed class Tries(string path)
    {
        private readonly Stopwatch _elapsed = Stopwatch.StartNew();
        private TimeSpan _pause = TimeSpan.FromMilliseconds(1);

        /// <summary>Whether it is done; throws what more tries do not help against.</summary>
        public bool Succeeds(Action change)
        {
            try
            {
                change();
                return true;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && IsHeld(e) && _elapsed.Elapsed < Longest && !Directory.Exists(path))
            {
                return false;
            }
        }

        /// <summary>How long to wait before the next try; those who wait wake at different moments.</summary>
        public TimeSpan Pause()
        {
            AllowWriting();
            var pause = _pause * (0.5 + Random.Shared.NextDouble());
            _pause = _pause < LongestPause ? 2 * _pause : LongestPause;
            return pause;
        }

        private void AllowWriting()
        {
            if (new FileInfo(path) is { Exists: true, IsReadOnly: true } file)
            {
                file.IsReadOnly = false;
            }
        }

        private static bool IsHeld(Exception exception) =>
            exception is UnauthorizedAccessException
            || (exception is IOException e && (DiskError.IsSharingViolation(e) || (e.HResult & 0xFFFF) == MappedFile));
    }
}
