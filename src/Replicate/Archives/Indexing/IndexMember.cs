using System.Buffers.Binary;

namespace Replicate.Archives.Indexing;

/// <summary>An empty gzip member with one extra field.</summary>
internal static class IndexMember
{
    /// <summary>How much longer a member is than the field in it.</summary>
    public const int Overhead = HeadLength + 10;

    private const int HeadLength = 16;

    /// <summary>The name of the fields that hold the index.</summary>
    public static ReadOnlySpan<byte> Index => "RT"u8;

    /// <summary>The name of the field that tells where the index is.</summary>
    public static ReadOnlySpan<byte> Footer => "RF"u8;

    // An empty block of deflate, the checksum of nothing, its length.
    private static ReadOnlySpan<byte> Nothing => [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Writes a member.</summary>
    public static void Write(Stream output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> field)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        Head(head, name, field.Length);
        output.Write(head);
        output.Write(field);
        output.Write(Nothing);
    }

    /// <summary>Reads a member.</summary>
    /// <param name="member">Exactly its bytes.</param>
    /// <param name="name">The name of its field.</param>
    /// <returns>The field; empty where the bytes are anything else, or differ in the least.</returns>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> member, ReadOnlySpan<byte> name)
    {
        if (member.Length <= Overhead || member.Length - Overhead > ushort.MaxValue - 4)
        {
            return [];
        }

        Span<byte> head = stackalloc byte[HeadLength];
        var field = member[HeadLength..^Nothing.Length];
        Head(head, name, field.Length);
        return member.StartsWith(head) && member.EndsWith(Nothing) ? field : [];
    }

    private static void Head(Span<byte> head, ReadOnlySpan<byte> name, int length)
    {
        // gzip, deflate, an extra field, no time, no hint on the level, no system.
        ReadOnlySpan<byte> fixedPart = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255];
        fixedPart.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head[10..], (ushort)(length + 4));
        name.CopyTo(head[12..]);
        BinaryPrimitives.WriteUInt16LittleEndian(head[14..], (ushort)length);
    }
}
