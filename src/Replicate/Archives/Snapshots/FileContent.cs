using Replicate.Storage;

namespace Replicate.Archives.Snapshots;

/// <summary>The content of a file that is being saved, with what its file system says of it.</summary>
internal abstract class FileContent : ReadOnlyStream
{
    /// <summary>When it was last written, in UTC.</summary>
    public abstract DateTime LastModified { get; }

    /// <summary>Its permissions; on Windows those of a file that its owner may write.</summary>
    public abstract UnixFileMode Mode { get; }
}
