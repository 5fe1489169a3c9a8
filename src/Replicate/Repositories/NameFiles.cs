using System.Collections.Concurrent;
using Replicate.Metadata;
using Replicate.Storage;

namespace Replicate.Repositories;

/// <summary>The files of the names of checkpoints: listed, read, and changed so that no other writer's change is lost.</summary>
/// <param name="store">Where they lie.</param>
internal sealed class NameFiles(IObjectStore store)
{
    private const int ParallelReads = 16;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>What the file of a name says; null where there is none.</summary>
    /// <exception cref="ReplicateException">It cannot be read (<c>NameDamaged</c>).</exception>
    internal async Task<NameRecord?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await ReadFileAsync(name, cancellationToken) is var (record, _) ? record : null;

    /// <summary>What the files of all names say, in order; those that can't be read are named in warnings and passed over.</summary>
    internal async Task<IReadOnlyList<NameRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var info in store.ListAsync(RepositoryKeys.NamePrefix, cancellationToken))
        {
            if (RepositoryKeys.IdOf(info.Key, RepositoryKeys.NamePrefix) is { } name && RepositoryKeys.Name(name) == info.Key)
            {
                names.Add(name);
            }
        }

        var found = new ConcurrentBag<NameRecord>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, options, async (name, token) =>
        {
            try
            {
                if (await ReadAsync(name, token) is { } record)
                {
                    found.Add(record);
                }
            }
            catch (ReplicateException error) when (error.Id == ErrorIds.NameDamaged)
            {
                Log.Warn($"{error.Message} It is passed over.");
            }
        });
        return [.. found.OrderBy(record => record.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>
    /// Changes a name: only in place of what was read, otherwise it is read and changed again, so that of many that move it at
    /// once one comes last, and each is in the history.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="change">Gets what there is, null for nothing; gives back what is to be there, the same for no change. May be called several times.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What the file says now.</returns>
    internal async Task<NameRecord> ChangeAsync(string name, Func<NameRecord?, NameRecord> change, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.Name(name);
        for (var pause = TimeSpan.FromMilliseconds(20); ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            var (before, condition) = await ReadFileAsync(name, cancellationToken) is var (record, version)
                ? (record, PutCondition.IfVersion(version))
                : (null, PutCondition.IfAbsent);
            var after = change(before);
            if (ReferenceEquals(before, after))
            {
                return after;
            }

            Log.Verbose($"Writing {key} to '{store.Url}'.");
            if (await store.PutAsync(key, ObjectContent.FromBytes(NameFormat.Write(after)), condition, cancellationToken) is not null)
            {
                return after;
            }

            // Many that come back at the same moment would get in each other's way again.
            await Task.Delay(pause * Random.Shared.NextDouble(), cancellationToken);
        }
    }

    /// <summary>What a file says, which has to be of the name that the file has.</summary>
    /// <exception cref="FormatException">It can't be read, or is of another name.</exception>
    internal static NameRecord Parse(string name, ReadOnlyMemory<byte> content)
    {
        var record = NameFormat.Read(content);
        return string.Equals(record.Name, name, StringComparison.OrdinalIgnoreCase)
            ? record
            : throw new FormatException($"It is of another name, '{record.Name}'.");
    }

    private async Task<(NameRecord Record, string Version)?> ReadFileAsync(string name, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.Name(name);
        if (await store.StatAsync(key, cancellationToken) is not { } info)
        {
            return null;
        }

        try
        {
            // Nobody is made to read gigabytes for a name.
            return info.Length > NameFormat.MaxLength ? throw NameFormat.TooLong(info.Length)
                : await store.ReadAsync(key, cancellationToken) is { } file ? (Parse(name, file.Content), file.Version)
                : null;
        }
        catch (FormatException error)
        {
            throw new ReplicateException(
                ErrorKind.InvalidData, ErrorIds.NameDamaged, $"{key} of the repository '{store.Url}' cannot be read: {error.Message}",
                "Repair the repository, which moves the file aside, and set the name again.", error);
        }
    }
}
