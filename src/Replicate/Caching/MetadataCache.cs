using System.Security.Cryptography;
using System.Text;
using Replicate.Stores;

namespace Replicate.Caching;

/// <summary>
/// A file with the metadata of a remote repository as it was last read, each object with its version. What it says counts
/// only where a listing tells the same version, so a file that is old, damaged or gone costs time and nothing else.
/// </summary>
/// <remarks>It is replaced as a whole; of several processes that write it the last one wins.</remarks>
internal sealed class MetadataCache
{
    /// <summary>What a repository without a cache knows.</summary>
    internal static readonly IReadOnlyDictionary<string, StoredObject> Nothing = new Dictionary<string, StoredObject>();

    private const string Signature = "Replicate metadata cache 1";

    // Beyond this it would no longer be read in one piece.
    private const long MaxLength = 1 << 30;

    private readonly string _url;
    private readonly string _path;

    /// <summary>The cache of a repository in a file, which need not exist.</summary>
    internal MetadataCache(string url, string path) => (_url, _path) = (url, path);

    /// <summary>The cache of a project's repository; null for one on the local disk, which is read as fast as a cache.</summary>
    internal static MetadataCache? For(ProjectConfiguration configuration) =>
        StoreUrl.ToDirectory(configuration.Repository) is not null ? null : new MetadataCache(
            configuration.Repository,
            Path.Combine(LocalState.DirectoryFor(configuration), "cache", LocalState.NameOf(configuration.Repository)));

    /// <summary>Reads the objects by their keys: none where the file is missing or is not what was written.</summary>
    internal async Task<IReadOnlyDictionary<string, StoredObject>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(
                _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
            var bytes = new byte[Math.Min(file.Length, MaxLength)];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            return Parse(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            Notices.Verbose($"The cache '{_path}' is passed over: {e.Message}");
            return Nothing;
        }
    }

    /// <summary>Replaces what is cached where something changed. Where that can't be written, the next listing takes longer.</summary>
    /// <param name="cached">What <see cref="ReadAsync"/> said.</param>
    /// <param name="current">What the repository holds now.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task UpdateAsync(
        IReadOnlyDictionary<string, StoredObject> cached, IReadOnlyDictionary<string, StoredObject> current,
        CancellationToken cancellationToken)
    {
        var isSame = current.Count == cached.Count && current.All(item => cached.GetValueOrDefault(item.Key) == item.Value);
        if (isSame || current.Sum(item => (long)item.Value.Content.Length) > MaxLength / 2)
        {
            return;
        }

        var temporary = DiskKey.TemporaryBeside(_path);
        try
        {
            Notices.Verbose($"Writing the cache '{_path}'.");
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await Task.Run(() => Write(temporary, current), cancellationToken);
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Notices.Verbose($"The cache '{_path}' is not written: {e.Message}");
        }
        finally
        {
            DiskFile.TryDelete(temporary);
        }
    }

    /// <remarks>Not flushed to the disk: the checksum at its end tells a torn file.</remarks>
    private void Write(string path, IReadOnlyDictionary<string, StoredObject> objects)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using var checksum = SHA256.Create();
        using (var writer = new BinaryWriter(
            new BufferedStream(new CryptoStream(file, checksum, CryptoStreamMode.Write, leaveOpen: true), 1 << 16), Encoding.UTF8))
        {
            writer.Write(Signature);
            writer.Write(_url);
            writer.Write(objects.Count);
            foreach (var (key, stored) in objects)
            {
                writer.Write(key);
                writer.Write(stored.Version);
                writer.Write(stored.Content.Length);
                writer.Write(stored.Content.Span);
            }
        }

        file.Write(checksum.Hash);
    }

    private Dictionary<string, StoredObject> Parse(byte[] bytes)
    {
        var length = Math.Max(0, bytes.Length - SHA256.HashSizeInBytes);
        if (!SHA256.HashData(bytes.AsSpan(..length)).AsSpan().SequenceEqual(bytes.AsSpan(length..)))
        {
            throw new FormatException("Its checksum is wrong.");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        if (reader.ReadString() != Signature || reader.ReadString() != _url)
        {
            throw new FormatException("It is of another release or another repository.");
        }

        var objects = new Dictionary<string, StoredObject>(reader.ReadInt32());
        while (reader.BaseStream.Position < length)
        {
            var key = reader.ReadString();
            var version = reader.ReadString();
            var count = reader.ReadInt32();
            objects[key] = new StoredObject(bytes.AsMemory((int)reader.BaseStream.Position, count), version);
            reader.BaseStream.Position += count;
        }

        return objects;
    }
}
