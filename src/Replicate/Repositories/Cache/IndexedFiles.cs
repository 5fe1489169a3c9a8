using System.Runtime.InteropServices;
using Replicate.Storage;

namespace Replicate.Repositories.Cache;

/// <summary>A metadata file as it was read.</summary>
/// <param name="Id">The id in its name.</param>
/// <param name="Version">The version that was read: <see cref="ObjectInfo.Stamp"/>.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Experiment">What it says.</param>
internal sealed record IndexedFile(string Id, string Version, long Length, PackedExperiment Experiment);

/// <summary>Metadata files by their ids, in one piece of memory that is used as it is: loading it makes nothing of them.</summary>
/// <remarks>
/// First come the maps that they share, then a hash table of the places of the files, then the files. Numbers are 32 bits
/// long, texts UTF-16.
/// </remarks>
internal sealed class IndexedFiles
{
    /// <summary>No files.</summary>
    internal static readonly IndexedFiles None = new();

    private readonly byte[] _bytes = [];
    private readonly Action? _damaged;
    private readonly SharedMap[] _maps = [];
    private readonly int _slots;
    private readonly int _slotCount;

    private IndexedFiles()
    {
    }

    /// <summary>Takes what was written.</summary>
    /// <param name="bytes">All that was written, with something before it.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="damaged">Told when something of it that is read later turns out not to be what was written.</param>
    internal IndexedFiles(byte[] bytes, int start, Action damaged)
    {
        (_bytes, _damaged) = (bytes, damaged);
        var reader = new Reader(bytes, start);
        _maps = new SharedMap[Bounded(reader.Number(), bytes)];
        for (var i = 0; i < _maps.Length; i++)
        {
            _maps[i] = new SharedMap(reader.Bytes());
        }

        (Count, _slotCount, _slots) = (reader.Number(), reader.Number(), reader.Position);
        if (Count < 0 || !System.Numerics.BitOperations.IsPow2(_slotCount) || _slotCount > (bytes.Length - _slots) / sizeof(int))
        {
            throw new FormatException("The table of the index is damaged.");
        }
    }

    /// <summary>Takes a piece of what is written.</summary>
    internal delegate void Append(ReadOnlySpan<byte> bytes);

    /// <summary>How many files there are.</summary>
    internal int Count { get; }

    /// <summary>Writes files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="start">How long what stands before them is.</param>
    /// <param name="write">Takes the bytes, piece by piece.</param>
    internal static void Write(IReadOnlyCollection<IndexedFile> files, int start, Append write)
    {
        var maps = new Dictionary<SharedMap, int>();
        foreach (var file in files)
        {
            maps.TryAdd(file.Experiment.Packages, maps.Count);
            maps.TryAdd(file.Experiment.Environment, maps.Count);
        }

        // At most half of the slots are used, so that a file is found in one of the first.
        var slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * files.Count) + 1)];
        var place = start + (sizeof(int) * (3 + maps.Count + slots.Length)) + maps.Keys.Sum(map => map.Packed.Length);
        foreach (var file in files)
        {
            var slot = SlotOf(file.Id, slots.Length);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            slots[slot] = place;
            place += SizeOf(file);
        }

        Number(maps.Count);
        foreach (var map in maps.Keys)
        {
            Bytes(map.Packed.Span);
        }

        Number(files.Count);
        Number(slots.Length);
        write(MemoryMarshal.AsBytes(slots.AsSpan()));
        foreach (var file in files)
        {
            Bytes(MemoryMarshal.AsBytes(file.Id.AsSpan()));
            Bytes(MemoryMarshal.AsBytes(file.Version.AsSpan()));
            Number((int)file.Length);
            Number(maps[file.Experiment.Packages]);
            Number(maps[file.Experiment.Environment]);
            Bytes(file.Experiment.IdDigits.Span);
            Bytes(file.Experiment.Bytes.Span);
        }

        void Number(int number) => write(MemoryMarshal.AsBytes([number]));

        void Bytes(ReadOnlySpan<byte> bytes)
        {
            Number(bytes.Length);
            write(bytes);
        }
    }

    /// <summary>Finds what a listed file says; null where another version of it was read, or none.</summary>
    internal PackedExperiment? Find(string id, ObjectInfo listed)
    {
        if (Count == 0)
        {
            return null;
        }

        var slot = SlotOf(id, _slotCount);
        for (var tries = 0; tries < _slotCount; tries++, slot = (slot + 1) & (_slotCount - 1))
        {
            var place = BitConverter.ToInt32(_bytes, _slots + (slot * sizeof(int)));
            if (place == 0)
            {
                return null;
            }

            var reader = new Reader(_bytes, place);
            if (MemoryMarshal.Cast<byte, char>(reader.Bytes().Span).SequenceEqual(id))
            {
                return MemoryMarshal.Cast<byte, char>(reader.Bytes().Span).SequenceEqual(listed.Stamp) && reader.Number() == listed.Length
                    ? ReadExperiment(ref reader)
                    : null;
            }
        }

        return null;
    }

    /// <summary>Whether something was thrown because an index is not what was written, though its checksum says so.</summary>
    internal static bool IsDamage(Exception exception) => exception is IndexOutOfRangeException or ArgumentException or FormatException
        or OverflowException or InvalidCastException or NullReferenceException
        || (exception is AggregateException { InnerException: { } inner } && IsDamage(inner));

    /// <summary>What the files say, whether or not they are still so; nothing where that is not what was written.</summary>
    /// <param name="filter">Which of them are read; null for all.</param>
    internal IReadOnlyList<ExperimentMetadata> All(IdPrefixFilter? filter)
    {
        try
        {
            return [.. ReadAll(filter)];
        }
        catch (Exception e) when (IsDamage(e))
        {
            _damaged?.Invoke();
            return [];
        }
    }

    private IEnumerable<ExperimentMetadata> ReadAll(IdPrefixFilter? filter)
    {
        for (var slot = 0; slot < _slotCount; slot++)
        {
            if (BitConverter.ToInt32(_bytes, _slots + (slot * sizeof(int))) is not 0 and var place)
            {
                var reader = new Reader(_bytes, place);
                var id = MemoryMarshal.Cast<byte, char>(reader.Bytes().Span).ToString();
                _ = reader.Bytes();
                _ = reader.Number();
                var experiment = ReadExperiment(ref reader);
                if (filter?.MayMatch(experiment) ?? true)
                {
                    yield return experiment.Read(id);
                }
            }
        }
    }

    private static int SizeOf(IndexedFile file) =>
        (7 * sizeof(int)) + (sizeof(char) * (file.Id.Length + file.Version.Length))
        + file.Experiment.IdDigits.Length + file.Experiment.Bytes.Length;

    private PackedExperiment ReadExperiment(ref Reader reader)
    {
        var (packages, environment) = (_maps[reader.Number()], _maps[reader.Number()]);
        var idDigits = reader.Bytes();
        return new PackedExperiment(reader.Bytes(), idDigits, packages, environment) { Damaged = _damaged };
    }

    /// <summary>A number of things of which each takes a byte at least.</summary>
    private static int Bounded(int count, byte[] bytes) =>
        count >= 0 && count <= bytes.Length ? count : throw PackedReader.Damage();

    // FNV-1a: the same in every process, and ids are random anyway.
    private static int SlotOf(string id, int count)
    {
        var hash = 2166136261;
        foreach (var character in id)
        {
            hash = (hash ^ character) * 16777619;
        }

        return (int)(hash & (uint)(count - 1));
    }

    private struct Reader(byte[] bytes, int position)
    {
        internal int Position { get; private set; } = position;

        internal int Number()
        {
            var number = BitConverter.ToInt32(bytes, Position);
            Position += sizeof(int);
            return number;
        }

        internal ReadOnlyMemory<byte> Bytes()
        {
            var length = Number();
            Position += length;
            return bytes.AsMemory(Position - length, length);
        }
    }
}
