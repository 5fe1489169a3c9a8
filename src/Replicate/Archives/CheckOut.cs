namespace Replicate.Archives;

/// <summary>
/// Files on their way out of one or more tarballs into a directory. They gather in a staging directory inside the
/// target and move to their places only when every tarball was read whole. Disposing removes what did not move.
/// </summary>
public sealed class CheckOut : IAsyncDisposable
{
    /// <summary>Begins to check out into a directory, which is created where it is missing.</summary>
    /// <param name="outputDirectory">The absolute target.</param>
    /// <param name="path">One saved file or directory (by path components), or null for all.</param>
    public CheckOut(string outputDirectory, string? path) => throw new NotImplementedException();

    /// <summary>Reads a tarball to its end; its files go over those added before.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The tarball.</param>
    /// <param name="progress">Told how many bytes are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task AddAsync(
        string id, Stream archive, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Moves the files to their places, over existing files, never through existing links.</summary>
    /// <returns>The files written, relative to the target, with <c>/</c>, in order; empty when nothing matched the path.</returns>
    public IReadOnlyList<string> Commit() => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
