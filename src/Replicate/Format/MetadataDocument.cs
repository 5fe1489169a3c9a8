namespace Replicate.Format;

/// <summary>
/// An experiment's metadata file being rewritten: what isn't touched keeps its bytes, keys that nobody knows included.
/// </summary>
public sealed class MetadataDocument
{
    /// <summary>Takes a metadata file apart.</summary>
    /// <exception cref="FormatException">It is not a JSON object.</exception>
    public static MetadataDocument Parse(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();

    /// <summary>Adds a checkpoint at the end.</summary>
    public void AddCheckpoint(Checkpoint checkpoint) => throw new NotImplementedException();

    /// <summary>Removes a checkpoint by its full id.</summary>
    /// <returns>False when it is not there.</returns>
    public bool RemoveCheckpoint(string id) => throw new NotImplementedException();

    /// <summary>Changes what our own key says, keys in it that this release does not know kept.</summary>
    /// <param name="change">Gets what is there (or a new one, for a file of the original) and returns what shall be.</param>
    public void ChangeExtension(Func<ExperimentExtension, ExperimentExtension> change) => throw new NotImplementedException();

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => throw new NotImplementedException();
}
