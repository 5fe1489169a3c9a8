using Replicate.Storage;

namespace Replicate.Repositories.Cache;

/// <summary>The texts and lists of names that what follows them refers to by number.</summary>
/// <remarks>Those of thousands of experiments are the same bytes: they are read once.</remarks>
internal sealed class PackedTables
{
    private static readonly PackedTables?[] Recent = new PackedTables?[64];

    private readonly byte[] _bytes;
    private readonly Lazy<bool> _haveHiddenText;

    private PackedTables(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
        var reader = new PackedReader(bytes, this);
        Texts = new string[reader.BoundedCount()];
        for (var i = 0; i < Texts.Length; i++)
        {
            Texts[i] = SharedText.Of(reader.Bytes(reader.Count()));
        }

        Names = new string[reader.BoundedCount()][];
        for (var i = 0; i < Names.Length; i++)
        {
            var list = new string[reader.BoundedCount()];
            for (var j = 0; j < list.Length; j++)
            {
                list[j] = reader.Text();
            }

            Names[i] = SharedText.Names(list);
        }

        _haveHiddenText = new(() => Array.Exists(Texts, text => VisibleText.Of(text, inCi: true) != text));
    }

    /// <summary>The texts.</summary>
    internal string[] Texts { get; }

    /// <summary>Whether one of the texts changes when it is escaped.</summary>
    internal bool HaveHiddenText => _haveHiddenText.Value;

    /// <summary>The lists of names.</summary>
    internal string[][] Names { get; }

    /// <summary>Reads what <see cref="PackedWriter"/> wrote. Any thread may; what another displaced is only read again.</summary>
    internal static PackedTables Of(ReadOnlySpan<byte> bytes)
    {
        ref var slot = ref Recent[Crc32C.Append(Crc32C.Start, bytes) % (uint)Recent.Length];
        var recent = slot;
        return recent is not null && bytes.SequenceEqual(recent._bytes) ? recent : slot = new PackedTables(bytes);
    }
}
