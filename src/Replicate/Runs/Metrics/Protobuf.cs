using System.Buffers.Binary;

namespace Replicate.Runs.Metrics;

/// <summary>Goes through the fields of a protobuf message.</summary>
/// <param name="message">The message's bytes.</param>
internal ref struct Protobuf(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the current field.</summary>
    internal int Field { get; private set; }

    /// <summary>The current field's value where it is an integer.</summary>
    internal ulong Integer { get; private set; }

    /// <summary>The current field's bytes where it is a text, a message, a packed list, or a float.</summary>
    internal ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="FormatException">It is no message.</exception>
    internal bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        Field = (int)(tag >> 3);
        Integer = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0: Integer = ReadVarint(); break;
            case 1: Bytes = Take(8); break;
            case 2: Bytes = Take(ReadVarint()); break;
            case 5: Bytes = Take(4); break;
            default: throw new FormatException("It is no protobuf message.");
        }

        return true;
    }

    /// <summary>The current field as a float.</summary>
    internal readonly float Single => Bytes.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(Bytes) : float.NaN;

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("It is no protobuf message.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new FormatException("A protobuf message ends too early.");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
