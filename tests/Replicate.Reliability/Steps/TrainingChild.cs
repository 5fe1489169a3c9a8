using System.Buffers.Binary;
using System.Globalization;

namespace Replicate.Reliability.Steps;

/// <summary>A program that trains nothing: it prints steps and saves files that hold nothing but the step.</summary>
/// <param name="SavesFirst">Whether it saves a step before it prints its metrics.</param>
/// <param name="Files">How many files it saves, in a directory where they are several.</param>
/// <param name="Length">The size of each in bytes; a multiple of 8.</param>
/// <param name="Steps">How many steps it has.</param>
/// <param name="Milliseconds">How long a step takes beside that; 0 for no time at all.</param>
/// <param name="Saves">Which steps it saves: <c>all</c>, <c>fifth</c>, or <c>some</c> in no order that could be guessed.</param>
/// <param name="Renames">Whether it writes a file beside and puts it in place of the other.</param>
public sealed record TrainingChild(bool SavesFirst, int Files, long Length, int Steps, int Milliseconds, string Saves, bool Renames)
{
    private const int Block = 1 << 20;

    /// <summary>The arguments that make it again.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        "train", .. new object[] { SavesFirst, Files, Length, Steps, Milliseconds, Saves, Renames }
            .Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!),
    ];

    /// <summary>What it saves: a file, or a directory.</summary>
    public string Path => Files == 1 ? "model" : "model.d";

    /// <summary>Reads its arguments, without the first.</summary>
    public static TrainingChild Parse(string[] args) => new(
        bool.Parse(args[0]), Number(args[1]), long.Parse(args[2], CultureInfo.InvariantCulture), Number(args[3]), Number(args[4]), args[5], bool.Parse(args[6]));

    /// <summary>Whether it saves a step; steps count from 1.</summary>
    public bool IsSaved(long step) => Saves switch
    {
        "all" => true,
        "fifth" => step % 5 == 0,
        _ => step == 1 || (step * 2654435761 % 4294967296) < 1431655765,
    };

    /// <summary>Trains, in the working directory.</summary>
    public void Run()
    {
        using var output = Console.OpenStandardOutput();
        if (Files > 1)
        {
            Directory.CreateDirectory(Path);
        }

        for (var step = 1; step <= Steps; step++)
        {
            if (Milliseconds > 0)
            {
                Thread.Sleep(Milliseconds);
            }

            if (SavesFirst)
            {
                Save(step);
            }

            output.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"step {step} loss: {1.0 / step}\n")));
            if (!SavesFirst)
            {
                Save(step);
            }
        }
    }

    /// <summary>Whether content is a step's and whole; says what it is where not.</summary>
    public string? Check(Stream content, long step)
    {
        var (buffer, length) = (new byte[Block], 0L);
        for (int read; (read = content.ReadAtLeast(buffer, Block, throwOnEndOfStream: false)) > 0; length += read)
        {
            for (var i = 0; i + sizeof(long) <= read; i += sizeof(long))
            {
                if (BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(i)) is var found && found != step)
                {
                    return $"bytes of step {found} at {length + i}";
                }
            }
        }

        return length == Length ? null : $"{length} bytes of {Length}";
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private void Save(long step)
    {
        for (var file = 0; IsSaved(step) && file < Files; file++)
        {
            var path = Files == 1 ? Path : $"{Path}/{file.ToString(CultureInfo.InvariantCulture)}";
            Write(Renames ? path + ".new" : path, step);
            if (Renames)
            {
                File.Move(path + ".new", path, overwrite: true);
            }
        }
    }

    private void Write(string path, long step)
    {
        var block = new byte[Math.Min(Block, Length)];
        for (var i = 0; i < block.Length; i += sizeof(long))
        {
            BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(i), step);
        }

        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (var rest = Length; rest > 0; rest -= block.Length)
        {
            file.Write(block.AsSpan(0, (int)Math.Min(rest, block.Length)));
        }
    }
}
