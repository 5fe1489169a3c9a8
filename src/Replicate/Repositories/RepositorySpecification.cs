using Replicate.Metadata;
using Replicate.Storage;

namespace Replicate.Repositories;

/// <summary>The object that makes a repository of a place in a store, and tells its version.</summary>
internal sealed class RepositorySpecification(IObjectStore store)
{
    private const int SupportedVersion = 1;

    /// <summary>Refuses a repository that is damaged or of a later version; one that isn't there yet is fine.</summary>
    /// <returns>Whether it is there.</returns>
    internal async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(RepositoryKeys.Specification, cancellationToken) is not { } specification)
        {
            return false;
        }

        int version;
        try
        {
            version = MetadataReader.ReadRepositoryVersion(specification.Content);
        }
        catch (FormatException exception)
        {
            throw new ReplicateException(
                ErrorKind.InvalidData, ErrorIds.RepositoryDamaged,
                $"{RepositoryKeys.Specification} of the repository '{store.Url}' cannot be read: {exception.Message}",
                "Restore the file; it holds {\"version\":1}.", exception);
        }

        return version <= SupportedVersion ? true : throw new ReplicateException(
            ErrorKind.UnsupportedVersion, "RepositoryVersionUnsupported",
            $"The repository '{store.Url}' is of version {version}, but this release reads versions up to {SupportedVersion}.",
            "Update this module, or use another repository.");
    }

    /// <summary>Checks the repository, and makes it one where nothing is there yet.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
        {
            Log.Verbose($"Creating the repository '{store.Url}'.");
            var specification = MetadataWriter.WriteRepositoryVersion(SupportedVersion);
            await store.PutAsync(
                RepositoryKeys.Specification, ObjectContent.FromBytes(specification), PutCondition.IfAbsent, cancellationToken);
        }
    }

    /// <summary>Whether the repository is there; a bucket that is missing is created with it.</summary>
    private async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CheckAsync(cancellationToken);
        }
        catch (ReplicateException exception) when (exception.Id == ErrorIds.BucketNotFound)
        {
            return false;
        }
    }
}
