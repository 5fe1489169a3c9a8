using System.Runtime.InteropServices;
using Replicate.Configuration;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Repositories.Cache;

/// <summary>
/// A file with the metadata of a repository as it was last read, each with the version of its file. What it says counts
/// only where a listing tells the same version, so an index that is old, damaged or gone costs time and nothing else.
/// </summary>
/// <remarks>
/// It is replaced as a whole; of several processes that write it the last one wins. It begins with the checksum of the rest,
/// and with who wrote it: what one build packed only that build reads.
/// </remarks>
internal sealed class MetadataIndex
{
    // Beyond this it would no longer be read in one piece.
    private const long MaxLength = 1 << 30;

    private readonly byte[] _signature;
    private readonly string _path;

    /// <summary>The index of a repository in a file, which need not exist.</summary>
    internal MetadataIndex(string url, string path)
    {
        _signature = [.. typeof(MetadataIndex).Module.ModuleVersionId.ToByteArray(), .. MemoryMarshal.AsBytes(url.AsSpan())];
        _path = path;
    }

    private int HeadLength => sizeof(uint) + _signature.Length;

    /// <summary>The index of a project's repository.</summary>
    internal static MetadataIndex For(ProjectConfiguration configuration) => new(
        configuration.Repository,
        Path.Combine(LocalState.CacheFor(configuration), "index", LocalState.NameOf(configuration.Repository)));

    /// <summary>Reads the files: none where the index is missing or is not what was written.</summary>
    internal IndexedFiles Read()
    {
        try
        {
            LocalState.CheckPrivateFile(LocalState.CacheRoot, _path);
            using var file = DiskFile.TryOpen(_path);
            var bytes = new byte[file is null ? 0 : Math.Min(RandomAccess.GetLength(file), MaxLength)];
            if (file is null || RandomAccess.Read(file, bytes, 0) != bytes.Length || bytes.Length < HeadLength
                || BitConverter.ToUInt32(bytes) != Crc32C.Append(Crc32C.Start, bytes.AsSpan(sizeof(uint)))
                || !bytes.AsSpan(sizeof(uint)).StartsWith(_signature))
            {
                Log.Verbose($"There is no index '{_path}' that this release can use.");
                return IndexedFiles.None;
            }

            return new IndexedFiles(bytes, HeadLength, () => DiskFile.TryDelete(_path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReplicateException || IndexedFiles.IsDamage(e))
        {
            Log.Verbose($"The index '{_path}' is passed over: {e.Message}");
            return IndexedFiles.None;
        }
    }

    /// <summary>Forgets all; the next list reads it again.</summary>
    internal void Forget() => DiskFile.TryDelete(_path);

    /// <summary>Replaces what is indexed. Where that can't be written, the next listing takes longer.</summary>
    internal void Write(IReadOnlyCollection<IndexedFile> files)
    {
        if (files.Sum(file => (long)file.Experiment.Bytes.Length) > MaxLength / 2)
        {
            return;
        }

        try
        {
            Log.Verbose($"Writing the index '{_path}'.");
            CreationMode.CreateDirectory(Path.GetDirectoryName(_path)!);
            WholeFile.WritePrivate(_path, file => Write(file, files));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Verbose($"The index '{_path}' is not written: {e.Message}");
        }
    }

    /// <remarks>Not flushed to the disk: the checksum tells a torn file.</remarks>
    private void Write(Stream file, IReadOnlyCollection<IndexedFile> files)
    {
        var crc = Crc32C.Append(Crc32C.Start, _signature);
        file.Position = sizeof(uint);
        file.Write(_signature);
        IndexedFiles.Write(files, HeadLength, bytes =>
        {
            crc = Crc32C.Append(crc, bytes);
            file.Write(bytes);
        });
        file.Position = 0;
        file.Write(BitConverter.GetBytes(crc));
    }
}
