namespace Replicate.Storage;

/// <summary>Reads objects of a repository with what they say, and tells of those that cannot be read.</summary>
internal sealed class ParsedObjects(IObjectStore store)
{
    private const int MaxReadings = 5;

    /// <summary>What an object says; null, and a warning, where it can't be read.</summary>
    internal T? ParseOrWarn<T>(string key, ReadOnlyMemory<byte> content, Func<ReadOnlyMemory<byte>, T> read)
        where T : class
    {
        try
        {
            return read(content);
        }
        catch (FormatException exception)
        {
            Log.Warn($"{key} of the repository '{store.Url}' is passed over because it cannot be read: {exception.Message}");
            return null;
        }
    }

    /// <summary>Reads an object with what it says; null when it isn't there. What ended early without a word is read again.</summary>
    internal async Task<(StoredObject File, T Content)?> ReadAsync<T>(
        string key, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        for (var reading = 1; ; reading++)
        {
            if (await store.ReadAsync(key, cancellationToken) is not { } file)
            {
                return null;
            }

            try
            {
                return (file, read(file.Content));
            }
            catch (FormatException exception)
            {
                if ((await store.StatAsync(key, cancellationToken))?.Length == file.Content.Length)
                {
                    throw Damaged(key, exception);
                }

                if (reading == MaxReadings)
                {
                    throw new ReplicateException(
                        ErrorKind.Unavailable, "ReadCutShort", $"Reading {key} of the repository '{store.Url}' ended early {reading} times.",
                        "Try again when the store answers as it should.", exception);
                }
            }
        }
    }

    /// <summary>What an object says.</summary>
    /// <exception cref="ReplicateException">It cannot be read (<c>MetadataDamaged</c>).</exception>
    internal T Parse<T>(string key, ReadOnlyMemory<byte> content, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(content);
        }
        catch (FormatException exception)
        {
            throw Damaged(key, exception);
        }
    }

    private ReplicateException Damaged(string key, FormatException exception) => new(
        ErrorKind.InvalidData, ErrorIds.MetadataDamaged, $"{key} of the repository '{store.Url}' cannot be read: {exception.Message}",
        "Restore the file from a backup, or delete the experiment.", exception);
}
