using System.Globalization;
using System.Text;

namespace Replicate.Benchmarks;

/// <summary>
/// A program that trains nothing: it only writes what one would, each line by itself, as programs do whose output is not buffered.
/// </summary>
internal static class TrainingProgram
{
    private const int Lines = 1_000_000;
    private const int Steps = 1_000;
    private const int FileLength = 1 << 20;

    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(5);

    /// <summary>Metrics in each of a million lines, a thousand lines for each step.</summary>
    internal const string FewSteps = "few-steps";

    /// <summary>Metrics in each thousandth line.</summary>
    internal const string Text = "text";

    /// <summary>Each of a million lines is a step.</summary>
    internal const string ManySteps = "many-steps";

    /// <summary>Each of a thousand steps takes 5 ms and writes a file of 1 MB.</summary>
    internal const string Files = "files";

    /// <summary>100 MB as fast as they are taken: metrics in each tenth line, 1,000 steps.</summary>
    internal const string Long = "long";

    private const int LongLength = 100_000_000;

    /// <summary>Writes the output of one kind.</summary>
    public static void Run(string kind)
    {
        if (kind == Long)
        {
            RunLong();
            return;
        }

        using var output = Console.OpenStandardOutput();
        var buffer = new byte[256];
        var content = new byte[FileLength];
        new Random(1).NextBytes(content);
        for (var i = 0; i < (kind == Files ? Steps : Lines); i++)
        {
            if (kind == Files)
            {
                Thread.Sleep(StepTime);
                File.WriteAllBytes(RunTimes.SavedFile, content);
            }

            var step = kind is FewSteps or Text ? i * (long)Steps / Lines : i;
            var (loss, accuracy) = (2.5 / (1 + (0.01 * step)), 1 - (1 / (2 + (0.01 * step))));
            Encoding.UTF8.TryGetBytes(
                kind == Text && i % (Lines / Steps) != 0
                    ? string.Create(CultureInfo.InvariantCulture, $"Reading batch {i} of the training data from the cache of the loader\n")
                    : string.Create(CultureInfo.InvariantCulture, $"step {step}, train loss: {loss:F6}, accuracy: {accuracy:F4}\n"),
                buffer, out var length);
            output.Write(buffer.AsSpan(0, length));
        }
    }

    private static void RunLong()
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 1 << 16);
        var length = 0L;
        for (var i = 0; length < LongLength; i++)
        {
            var step = length * Steps / LongLength;
            var line = i % 10 == 0
                ? string.Create(CultureInfo.InvariantCulture, $"step {step}, train loss: {2.5 / (1 + (0.01 * step)) + (1e-6 * (i % 1000)):F6}, accuracy: {1 - (1 / (2 + (0.01 * step))):F4}")
                : string.Create(CultureInfo.InvariantCulture, $"2026-11-27 21:31:{i % 60:D2},{i % 1000:D3} INFO loader-{i % 8} reading batch {i} of the training data from the cache, {i * 37 % 1000 / 10.0:F1} samples/s");
            output.Write(line);
            output.Write('\n');
            length += line.Length + 1;
        }
    }
}
