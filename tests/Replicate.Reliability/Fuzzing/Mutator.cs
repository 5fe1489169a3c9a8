using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Replicate.Reliability.Fuzzing;

/// <summary>Changes bytes as broken disks, broken programs and people of ill will do.</summary>
/// <param name="maxLength">What an input is cut to.</param>
/// <param name="words">What has a meaning in this format, to be put anywhere.</param>
public sealed class Mutator(int maxLength, params string[] words)
{
    /// <summary>Longer than what people write; of a file that is longer yet, more of the same.</summary>
    public const int MaxLength = 1 << 17;

    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Makes an input of a seed by one to five changes.</summary>
    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> others, Dice dice)
    {
        var bytes = seed.ToList();
        for (var changes = dice.OneIn(2) ? 1 : 1 + dice.Below(5); changes > 0; changes--)
        {
            Change(bytes, others, dice);
            if (bytes.Count > maxLength)
            {
                bytes.RemoveRange(maxLength, bytes.Count - maxLength);
            }
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> others, Dice dice)
    {
        var at = dice.Below(bytes.Count + 1);
        var count = Math.Min(bytes.Count - at, 1 + dice.Below(dice.OneIn(4) ? 1024 : 16));
        switch (dice.Below(12))
        {
            case 0 or 1 when count > 0:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 2 when count > 0:
                bytes[at] = (byte)dice.InterestingNumber();
                break;
            case 3 when dice.OneIn(3):
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.RemoveRange(at, count);
                break;
            case 5:
                bytes.InsertRange(dice.Below(bytes.Count + 1), bytes.GetRange(at, count));
                break;
            case 6:
                Repeat(bytes, at, Math.Min(count, 24), dice);
                break;
            case 7:
                var other = dice.Pick(others);
                var from = dice.Below(other.Length + 1);
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[from..]);
                break;
            case 8:
                PutBinary(bytes, at, dice);
                break;
            case 3 or 9:
                ReplaceNumber(bytes, at, dice);
                break;
            case 10 when _words.Length > 0:
                bytes.InsertRange(at, dice.Pick(_words));
                break;
            default:
                bytes.InsertRange(at, dice.Bytes(1 + dice.Below(8)));
                break;
        }
    }

    /// <summary>A few bytes thousands of times: deep nesting, long names, long lists.</summary>
    private static void Repeat(List<byte> bytes, int at, int count, Dice dice)
    {
        var piece = bytes.GetRange(at, count);
        var times = dice.OneIn(10) ? dice.Below(20_000) : dice.Below(100);
        bytes.InsertRange(at, Enumerable.Repeat(piece, times).SelectMany(same => same).Take(MaxLength));
    }

    private static void PutBinary(List<byte> bytes, int at, Dice dice)
    {
        Span<byte> number = stackalloc byte[8];
        var value = dice.InterestingNumber();
        var isBig = dice.OneIn(2);
        if (isBig)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        }

        var length = 1 << (1 + dice.Below(3));
        number = isBig ? number[^length..] : number[..length];
        for (var i = 0; i < number.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    private static void ReplaceNumber(List<byte> bytes, int at, Dice dice)
    {
        var start = bytes.FindIndex(Math.Min(at, bytes.Count), b => b is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
        {
            return;
        }

        var end = bytes.FindIndex(start, b => b is < (byte)'0' or > (byte)'9');
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        var text = dice.Below(5) switch
        {
            0 => "1e308",
            1 => "1e999",
            2 => new string('9', 1 + dice.Below(400)),
            3 => "0.1e-400",
            _ => dice.InterestingNumber().ToString(CultureInfo.InvariantCulture),
        };
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(text));
    }
}
