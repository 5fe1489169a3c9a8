using System.Globalization;

namespace Replicate.Storage;

/// <summary>An object of a store as a listing tells of it.</summary>
/// <param name="Key">Its key, with <c>/</c> between the parts.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Version">Changes whenever the object's content does: an etag, a generation, or time and size of a file.</param>
public sealed record ObjectInfo(string Key, long Length, string Version)
{
    /// <summary>When it was last written, UTC; null where the store does not tell.</summary>
    public DateTime? LastModified { get; init; }

    /// <summary>When the file was last changed in any way, see <see cref="FileVersion.Changed"/>; the default where the store does not tell.</summary>
    internal DateTime Changed { get; init; }

    /// <summary>What no other content of the object has had, whatever programs did to its time of writing.</summary>
    internal string Stamp => Changed == default ? Version : string.Create(CultureInfo.InvariantCulture, $"{Version}-{Changed.Ticks:x}");
}

/// <summary>The content of an object with the version it was read at.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Version">The version of exactly these bytes.</param>
public sealed record StoredObject(ReadOnlyMemory<byte> Content, string Version);

/// <summary>On what condition an object is put.</summary>
public readonly record struct PutCondition
{
    private PutCondition(bool absent, string? version) => (MustBeAbsent, Version) = (absent, version);

    /// <summary>The object is put whatever is there.</summary>
    public static PutCondition None => default;

    /// <summary>The object is put only where none is.</summary>
    public static PutCondition IfAbsent => new(true, null);

    /// <summary>The object is put only in place of this version.</summary>
    public static PutCondition IfVersion(string version) => new(false, version);

    /// <summary>Whether no object may be there.</summary>
    public bool MustBeAbsent { get; }

    /// <summary>The version to be replaced, or null.</summary>
    public string? Version { get; }
}

/// <summary>
/// Where a repository's objects lie: a directory or a bucket. It knows keys and bytes, nothing of experiments.
/// Keys are relative, with <c>/</c> between the parts. Safe from several threads and, but for
/// <see cref="PutAsync"/> without a condition, from several processes.
/// </summary>
/// <remarks>
/// Every method throws <see cref="ReplicateException"/> of kind <see cref="ErrorKind.PermissionDenied"/> or
/// <see cref="ErrorKind.Unavailable"/> when the store refuses or fails. Reading never creates anything.
/// </remarks>
public interface IObjectStore
{
    /// <summary>The absolute URL of the store, such as <c>file:///home/ben/iris/.replicate</c>.</summary>
    string Url { get; }

    /// <summary>What the store can do beyond this interface.</summary>
    internal StoreCapabilities Capabilities => StoreCapabilities.None;

    /// <summary>Reads a small object whole.</summary>
    /// <returns>The content, or null when there is no such object.</returns>
    Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Opens an object, or a range of it, for reading once from start to end.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="offset">The first byte to read.</param>
    /// <param name="length">How many bytes to read at most; null for all to the end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The stream, or null when there is no such object.</returns>
    Task<Stream?> OpenReadAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default);

    /// <summary>Looks an object up without reading it.</summary>
    /// <returns>What a listing would tell, or null when there is no such object.</returns>
    Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts an object in place as a whole or not at all, flushed to durable storage where its content has to be
    /// (<see cref="ObjectContent.IsDurable"/>).
    /// </summary>
    /// <returns>The version now in place, or null when the condition was not met and nothing was changed.</returns>
    Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default,
        CancellationToken cancellationToken = default);

    /// <summary>Deletes objects; those that don't exist are passed over.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default);

    /// <summary>Lists the objects whose key begins with a prefix, in no particular order.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default);
}
