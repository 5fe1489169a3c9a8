using Replicate.Archives;

namespace Replicate.Integrity;

/// <summary>Reads the tarballs that a repository promises, each to its end.</summary>
internal static class ArchiveCheck
{
    private const int BufferSize = 1 << 16;

    /// <summary>Reads one tarball.</summary>
    /// <param name="archive">Its content; it is left open.</param>
    /// <param name="id">The id that its top directory has to be named after.</param>
    /// <param name="progress">Told how many bytes are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What is wrong with it; null for nothing.</returns>
    internal static async Task<ReplicateException?> ReadAsync(
        Stream archive, string id, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            using var tarball = new TarballReader(id, archive, progress);
            var buffer = new byte[BufferSize];
            while (await tarball.NextAsync(cancellationToken) is { } entry)
            {
                while (await entry.Content.ReadAsync(buffer, cancellationToken) > 0)
                {
                }
            }

            return null;
        }
        catch (ReplicateException error) when (error.Kind == ErrorKind.InvalidData)
        {
            return error;
        }
    }
}
