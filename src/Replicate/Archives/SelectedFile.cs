namespace Replicate.Archives;

/// <summary>A file or link that is going to be saved.</summary>
/// <param name="Path">Its path relative to the project directory, with <c>/</c>.</param>
/// <param name="FullPath">Where it is read from: absolute.</param>
/// <param name="LinkTarget">For a link that is saved as a link, its target as stored; null for a file.</param>
/// <param name="Length">Its size in bytes when it was selected.</param>
public sealed record SelectedFile(string Path, string FullPath, string? LinkTarget, long Length)
{
    /// <summary>Its content where that was read already; null where it is read when its turn comes.</summary>
    internal HeldFile? Held { get; init; }

    /// <summary>Opens its content.</summary>
    /// <exception cref="ReplicateException">The file is gone (<c>FileChanged</c>) or cannot be read (<c>FileUnreadable</c>).</exception>
    internal FileContent Open(ByteCounter? counter = null) => Held?.Open(counter) ?? new SteadyFile(FullPath, counter);
}
