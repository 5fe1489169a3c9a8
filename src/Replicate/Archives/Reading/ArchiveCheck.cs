namespace Replicate.Archives.Reading;

/// <summary>Reads the tarballs that a repository expects, each to its end.</summary>
internal static class ArchiveCheck
{
    private const int BufferSize = 1 << 16;

    /// <summary>Reads one tarball.</summary>
    /// <param name="archive">The tarball.</param>
    /// <param name="id">The id that its top directory has to be named after.</param>
    /// <param name="progress">Told how many bytes are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What is wrong with it; null for nothing.</returns>
    internal static async Task<ReplicateException?> ReadAsync(
        ArchiveFile archive, string id, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var tarball = await Tarball.OpenAsync(id, archive, maxSize: null, cancellationToken);
            await using var entries = await tarball.ReadAllAsync(progress, cancellationToken, isExact: true);
            var buffer = new byte[BufferSize];
            while (await entries.NextAsync(cancellationToken) is { } entry)
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
