using Microsoft.Win32.SafeHandles;
using Replicate.Storage;

namespace Replicate.Adapters.Cloud;

/// <summary>A bucket of a cloud that takes large objects in parts, several at the same time.</summary>
/// <typeparam name="TClient">The cloud's client.</typeparam>
/// <typeparam name="TSettings">What the environment says of access to it.</typeparam>
/// <param name="settings">Settings; between stores of equal ones the server copies.</param>
/// <param name="bucket">The bucket; nothing is asked of it yet.</param>
internal abstract class PartsStore<TClient, TSettings>(TSettings settings, CloudBucket<TClient> bucket)
    : CloudStore<TClient, TSettings>(settings, bucket)
    where TSettings : notnull
{
    /// <summary>Deletes objects.</summary>
    protected abstract Deletion Deletion { get; }

    /// <summary>Begins to put an object in parts.</summary>
    protected abstract PartsUpload BeginParts(PutTarget target);

    /// <inheritdoc/>
    protected sealed override async Task<string?> PutLargeAsync(
        PutTarget target, SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        await using var upload = BeginParts(target);
        return await upload.PutAsync(file, length, cancellationToken);
    }

    /// <inheritdoc/>
    protected sealed override async Task<string?> PutWrittenAsync(PutTarget target, ObjectContent content, CancellationToken cancellationToken)
    {
        await using var upload = BeginParts(target);
        return await upload.PutAsync(content, small => PutBytesAsync(target, small, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    protected sealed override Task DeleteNamesAsync(string[] names, CancellationToken cancellationToken) =>
        Deletion.DeleteAsync(names, cancellationToken);
}
