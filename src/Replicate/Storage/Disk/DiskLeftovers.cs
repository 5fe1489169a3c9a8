using System.Runtime.CompilerServices;

namespace Replicate.Storage.Disk;

/// <summary>The temporary files that killed writers left in a directory.</summary>
internal static class DiskLeftovers
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>Lists them below a directory of the store.</summary>
    internal static async IAsyncEnumerable<Leftover> ListAsync(
        string directory, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield(); // The system lists synchronously: not on the thread of the caller.
        var start = new DirectoryInfo(Path.Combine(directory, DiskKey.Native(prefix)));
        if (!start.Exists)
        {
            yield break;
        }

        foreach (var file in start.EnumerateFiles("*", Everything))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (DiskKey.IsTemporary(file.Name) && file.Exists)
            {
                var name = Path.GetRelativePath(directory, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                yield return new Leftover(name, file.Length, file.LastWriteTimeUtc);
            }
        }
    }

    /// <summary>Moves one to the path of an object.</summary>
    internal static bool TryKeep(string directory, string name, string path, UnixFileMode mode)
    {
        var left = Path.GetFullPath(Path.Combine(directory, DiskKey.Native(name)));
        if (!DiskKey.IsTemporary(Path.GetFileName(left)) || !File.Exists(left))
        {
            return false;
        }

        try
        {
            CreationMode.CreateDirectory(Path.GetDirectoryName(path)!, mode);
            File.Move(left, path);
            return true;
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }
}
