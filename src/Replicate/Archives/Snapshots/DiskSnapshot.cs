using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Archives.Snapshots;

/// <summary>Copies files as they are at one moment, as clones that share their content where the file system has those.</summary>
internal static class DiskSnapshot
{
    private const int MaxParallel = 4;

    /// <summary>Copies files; links stay where they are.</summary>
    /// <param name="files">What is copied.</param>
    /// <param name="directory">Where to: an existing directory, whose files may be written over.</param>
    /// <param name="cancellationToken">Ends the work after the files that are being copied.</param>
    /// <returns>
    /// The files, to be read from their copies, which have the numbers of the files as their names. What is optional and gone, or
    /// can't be read, is left out with a warning.
    /// </returns>
    /// <exception cref="ReplicateException">
    /// A file vanished or was changed meanwhile (<c>FileChanged</c>), cannot be read (<c>FileUnreadable</c>), or the disk is full.
    /// </exception>
    internal static SelectedFile[] Take(IReadOnlyList<SelectedFile> files, string directory, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (files.Count == 1)
        {
            return [CopyFile(0)];
        }

        var copies = new SelectedFile?[files.Count];
        try
        {
            Parallel.For(
                0, copies.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken },
                index => copies[index] = Copy(index));
            return Array.TrueForAll(copies, copy => copy is null) ? [CopyFile(0)] : [.. copies.OfType<SelectedFile>()];
        }
        catch (AggregateException errors) when (errors.InnerException is ReplicateException error)
        {
            throw new ReplicateException(error.Kind, error.Id, error.Message, error.RecommendedAction, errors);
        }

        SelectedFile CopyFile(int index) =>
            files[index].LinkTarget is null ? DiskSnapshot.CopyFile(files[index], Path.Combine(directory, $"{index}")) : files[index];

        SelectedFile? Copy(int index)
        {
            try
            {
                return CopyFile(index);
            }
            catch (ReplicateException error) when (files[index].IsOptional && FileErrors.IsGoneOrUnreadable(error))
            {
                files[index].WarnLeftOut(error);
                return null;
            }
        }
    }

    private static SelectedFile CopyFile(SelectedFile file, string target)
    {
        if (FileStamp.Of(file.FullPath) is not { } before)
        {
            // Says what is wrong with it.
            new LiveFile(file.FullPath).Dispose();
            before = default;
        }

        try
        {
            CopyOver(file.FullPath, target);
            AllowDeleting(target);
            File.SetLastWriteTimeUtc(target, before.Written);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw LiveFile.Changed(file.FullPath, "vanished before it could be saved", e);
        }
        catch (Exception e) when (DiskError.From(e, "copy", file.FullPath) is { } error)
        {
            throw error;
        }

        return FileStamp.Of(file.FullPath) == before
            ? file with { FullPath = target, Length = new FileInfo(target).Length }
            : throw LiveFile.Changed(file.FullPath);
    }

    /// <remarks>Windows copies that a file is read-only, and then neither dates nor deletes it.</remarks>
    private static void AllowDeleting(string target)
    {
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(target, FileAttributes.Normal);
        }
    }

    private static void CopyOver(string source, string target)
    {
        try
        {
            File.Copy(source, target, overwrite: true);
        }
        catch (UnauthorizedAccessException) when (File.Exists(target))
        {
            // What is there is the copy of a file that nobody may write.
            File.SetAttributes(target, FileAttributes.Normal);
            File.Copy(source, target, overwrite: true);
        }
    }
}
