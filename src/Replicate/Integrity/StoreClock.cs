using System.Security.Cryptography;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>
/// The time by the clock that dates a store's objects, which may not be the clock of this machine: that of the server, on a
/// disk that of the file system. It is asked once, by an object that is written and deleted again.
/// </summary>
/// <param name="store">The store.</param>
internal sealed class StoreClock(IObjectStore store)
{
    private DateTime? _now;

    /// <summary>The time at the first question, UTC; null where the store may not be written to, or does not tell.</summary>
    internal async Task<DateTime?> NowAsync(CancellationToken cancellationToken) => _now ??= await AskAsync(cancellationToken);

    private async Task<DateTime?> AskAsync(CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.AsidePrefix + "clock-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        try
        {
            await store.PutAsync(key, ObjectContent.OfTheMoment("now"u8.ToArray()), PutCondition.IfAbsent, cancellationToken);
            try
            {
                return (await store.StatAsync(key, cancellationToken))?.LastModified;
            }
            finally
            {
                await store.DeleteAsync([key], CancellationToken.None);
            }
        }
        catch (ReplicateException error) when (error.Kind is ErrorKind.PermissionDenied or ErrorKind.Unavailable)
        {
            Log.Verbose($"The clock of '{store.Url}' can't be asked: {error.Message}");
            return null;
        }
    }
}
