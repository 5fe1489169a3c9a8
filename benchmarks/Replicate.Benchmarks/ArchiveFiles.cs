using System.Globalization;
using System.Text;

namespace Replicate.Benchmarks;

/// <summary>Made-up files to be saved, in directories of their own; the same every time.</summary>
internal sealed class ArchiveFiles(string directory)
{
    private const int MB = 1 << 20;
    private static readonly string[] Words = ["loading", "batch", "epoch", "validation", "checkpoint", "tensor", "gradient", "optimizer", "warning", "info"];

    /// <summary>A file of so many MB of normally distributed 32-bit floats.</summary>
    public string Weights(int megabytes) => File("weights", megabytes, Floats);

    /// <summary>A file of so many MB of random bytes.</summary>
    public string Random(int megabytes) => File("random", megabytes, (random, buffer) => random.NextBytes(buffer));

    /// <summary>A file of so many MB of log lines, JSON and CSV.</summary>
    public string Text(int megabytes) => File("text", megabytes, Lines);

    /// <summary>Files of such text.</summary>
    public string Texts(string name, int count, int length) => Files(name, count, length, Lines);

    /// <summary>Files of 1 MB of random bytes.</summary>
    public string Randoms(int count) => Files("randoms", count, MB, (random, buffer) => random.NextBytes(buffer));

    private string File(string name, int megabytes, Action<Random, byte[]> fill)
    {
        var path = Path.Combine(directory, $"{name}-{megabytes}");
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            using var file = System.IO.File.Create(Path.Combine(path, "file"));
            Fill(file, megabytes, MB, fill);
        }

        return path;
    }

    private string Files(string name, int count, int length, Action<Random, byte[]> fill)
    {
        var path = Directory.CreateDirectory(Path.Combine(directory, name)).FullName;
        var random = new Random(count);
        var buffer = new byte[length];
        for (var i = 0; i < count; i++)
        {
            fill(random, buffer);
            System.IO.File.WriteAllBytes(Path.Combine(path, i.ToString("D5", CultureInfo.InvariantCulture)), buffer);
        }

        return path;
    }

    private static void Fill(FileStream file, int count, int length, Action<Random, byte[]> fill)
    {
        var random = new Random(count);
        var buffer = new byte[length];
        for (var i = 0; i < count; i++)
        {
            fill(random, buffer);
            file.Write(buffer);
        }
    }

    private static void Floats(Random random, byte[] buffer)
    {
        for (var i = 0; i < buffer.Length; i += sizeof(float))
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            BitConverter.TryWriteBytes(buffer.AsSpan(i), (float)(0.02 * normal));
        }
    }

    private static void Lines(Random random, byte[] buffer)
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
}
