using Replicate.Archives;
using Replicate.Stores;

namespace Replicate.Runs;

/// <summary>Copies files as they are at one moment, with shared blocks where the file system can do that.</summary>
internal static class FileCopies
{
    private const int MaxParallel = 4;

    /// <summary>Copies files; links stay where they are.</summary>
    /// <param name="files">What is copied.</param>
    /// <param name="directory">Where to: an existing directory.</param>
    /// <param name="cancellationToken">Ends the work after the files that are being copied.</param>
    /// <returns>The files, to be read from their copies, which have the numbers of the files as their names.</returns>
    /// <exception cref="ReplicateException">
    /// A file vanished or was changed meanwhile (<c>FileChanged</c>), cannot be read (<c>FileUnreadable</c>), or the disk is full.
    /// </exception>
    internal static SelectedFile[] Take(IReadOnlyList<SelectedFile> files, string directory, CancellationToken cancellationToken)
    {
        var copies = new SelectedFile[files.Count];
        try
        {
            Parallel.For(
                0, copies.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken },
                index => copies[index] = files[index].LinkTarget is null ? Copy(files[index], Path.Combine(directory, $"{index}")) : files[index]);
            return copies;
        }
        catch (AggregateException errors) when (errors.InnerException is ReplicateException error)
        {
            throw new ReplicateException(error.Kind, error.Id, error.Message, error.RecommendedAction, errors);
        }
    }

    private static SelectedFile Copy(SelectedFile file, string target)
    {
        if (FileStamp.Of(file.FullPath) is not { } before)
        {
            // Says what is wrong with it.
            new SteadyFile(file.FullPath).Dispose();
            before = default;
        }

        try
        {
            File.Copy(file.FullPath, target);
            File.SetLastWriteTimeUtc(target, before.Written);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SteadyFile.Changed(file.FullPath, "vanished before it could be saved", e);
        }
        catch (Exception e) when (DiskError.From(e, "copy", file.FullPath) is { } error)
        {
            throw error;
        }

        return FileStamp.Of(file.FullPath) == before
            ? file with { FullPath = target, Length = new FileInfo(target).Length }
            : throw SteadyFile.Changed(file.FullPath, "changed while it was being saved");
    }
}
