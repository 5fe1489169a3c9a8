namespace Replicate.Archives;

/// <summary>Writes tarballs: every entry below one top directory named after the id, gzip-compressed.</summary>
public static class ArchiveWriter
{
    /// <summary>Writes the selected files in one pass.</summary>
    /// <param name="id">The id of the experiment or checkpoint, the name of the top directory.</param>
    /// <param name="files">What is saved.</param>
    /// <param name="output">A stream that need not seek.</param>
    /// <param name="progress">Told how many bytes are saved.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">A file vanished or changed its size while it was read (<c>FileChanged</c>).</exception>
    public static Task WriteAsync(
        string id, IReadOnlyList<SelectedFile> files, Stream output, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
