using Replicate.Archives.Snapshots;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Selecting;

/// <summary>A file or link that is going to be saved.</summary>
/// <param name="Path">Its path relative to the project directory, with <c>/</c>.</param>
/// <param name="FullPath">Where it is read from: absolute.</param>
/// <param name="LinkTarget">For a link that is saved as a link, its target as stored; null for a file.</param>
/// <param name="Length">Its size in bytes when it was selected.</param>
internal sealed record SelectedFile(string Path, string FullPath, string? LinkTarget, long Length)
{
    /// <summary>Its content where that was read already; null where it is read when its turn comes.</summary>
    internal FileInMemory? InMemory { get; init; }

    /// <summary>
    /// Whether it is one of many that were found, and is left out with a warning where it is gone or can't be read; one that was
    /// named itself is an error then.
    /// </summary>
    internal bool IsOptional { get; init; }

    /// <summary>Opens its content; null, after a warning, where it is left out.</summary>
    /// <exception cref="ReplicateException">It is not optional, and gone (<c>FileChanged</c>) or can't be read (<c>FileUnreadable</c>).</exception>
    internal FileContent? TryOpen(ByteCounter? counter = null)
    {
        try
        {
            return Open(counter);
        }
        catch (ReplicateException error) when (IsOptional && FileErrors.IsGoneOrUnreadable(error))
        {
            WarnLeftOut(error);
            return null;
        }
    }

    /// <summary>Says that it is left out.</summary>
    /// <param name="error">One that <see cref="FileErrors.IsGoneOrUnreadable"/> tells of.</param>
    internal void WarnLeftOut(ReplicateException error) =>
        Log.Warn($"'{Path}' is not saved: {FileErrors.WhyLeftOut(Path, error.InnerException ?? error)}.");

    /// <summary>Opens its content.</summary>
    /// <exception cref="ReplicateException">The file is gone (<c>FileChanged</c>) or cannot be read (<c>FileUnreadable</c>).</exception>
    internal FileContent Open(ByteCounter? counter = null) => InMemory?.Open(counter) ?? new LiveFile(FullPath, counter);
}
