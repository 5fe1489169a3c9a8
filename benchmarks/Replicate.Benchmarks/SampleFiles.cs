using System.Globalization;
using System.Text;

namespace Replicate.Benchmarks;

/// <summary>Made-up files to be saved; the same every time.</summary>
internal static class SampleFiles
{
    private const int MB = 1 << 20;

    /// <summary>After so many blocks a file repeats them: no compression looks back that far.</summary>
    private const int Blocks = 200;

    private static readonly string[] Words = ["loading", "batch", "epoch", "validation", "checkpoint", "tensor", "gradient", "optimizer", "warning", "info"];

    /// <summary>Writes one file of so many MB.</summary>
    public static void WriteOne(string directory, int megabytes, Action<Random, byte[]> fill)
    {
        var random = new Random(megabytes);
        var blocks = Enumerable.Range(0, Math.Min(megabytes, Blocks)).Select(_ => Block(random, MB, fill)).ToArray();
        using var file = File.Create(Path.Combine(directory, "file"));
        for (var i = 0; i < megabytes; i++)
        {
            file.Write(blocks[i % blocks.Length]);
        }
    }

    /// <summary>Writes many files.</summary>
    public static void WriteMany(string directory, int count, int length, Action<Random, byte[]> fill)
    {
        var random = new Random(count);
        for (var i = 0; i < count; i++)
        {
            File.WriteAllBytes(Path.Combine(directory, i.ToString("D5", CultureInfo.InvariantCulture)), Block(random, length, fill));
        }
    }

    /// <summary>Random bytes.</summary>
    public static void Bytes(Random random, byte[] buffer) => random.NextBytes(buffer);

    /// <summary>Normally distributed 32-bit floats, as weights are.</summary>
    public static void Floats(Random random, byte[] buffer)
    {
        for (var i = 0; i < buffer.Length; i += sizeof(float))
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            BitConverter.TryWriteBytes(buffer.AsSpan(i), (float)(0.02 * normal));
        }
    }

    /// <summary>Log lines, JSON and CSV, with numbers in full length.</summary>
    public static void Lines(Random random, byte[] buffer)
    {
        var text = new StringBuilder();
        while (text.Length < buffer.Length)
        {
            var word = Words[random.Next(Words.Length)];
            _ = random.Next(3) switch
            {
                0 => text.Append(CultureInfo.InvariantCulture, $"2026-11-{random.Next(1, 29):00}T{random.Next(24):00}:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1000000):000000}Z INFO {word}: step={random.Next(100000)} loss={random.NextDouble()} lr={random.NextDouble() / 1000}\n"),
                1 => text.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{random.NextInt64():x16}\",\"label\":\"{word}\",\"x\":{random.NextDouble()},\"y\":{random.NextSingle()},\"ok\":{(random.Next(2) == 0 ? "true" : "false")}}}\n"),
                _ => text.Append(CultureInfo.InvariantCulture, $"{random.Next(1000)},{random.NextSingle()},{random.NextDouble()},{word},{random.Next(10)}\n"),
            };
        }

        Encoding.ASCII.GetBytes(text.ToString(0, buffer.Length), buffer);
    }

    private static byte[] Block(Random random, int length, Action<Random, byte[]> fill)
    {
        var block = new byte[length];
        fill(random, block);
        return block;
    }
}
