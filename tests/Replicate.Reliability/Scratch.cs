namespace Replicate.Reliability;

/// <summary>A directory for one run, in memory where the system has such a place, removed at the end.</summary>
public sealed class Scratch : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>Makes one.</summary>
    /// <param name="inMemory">False where what is measured is the disk.</param>
    public Scratch(bool inMemory = true)
    {
        var parent = inMemory && OperatingSystem.IsLinux() && System.IO.Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(parent, $"replicate-reliability-{Guid.NewGuid():n}");
        System.IO.Directory.CreateDirectory(Path);
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>The path of something in it.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes a directory in it.</summary>
    public string Directory(params string[] parts) => System.IO.Directory.CreateDirectory(At(parts)).FullName;

    /// <summary>Writes a file in it, its directories included.</summary>
    public string Write(string path, ReadOnlySpan<byte> content)
    {
        var full = At(path);
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        return full;
    }

    /// <summary>Writes a text file in it.</summary>
    public string Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Removes a directory with all that is in it, whatever its permissions, and follows no link.</summary>
    public static void Remove(string directory)
    {
        // What a run does in the background, or a child that a killed process left, may still write there for a moment.
        for (var tries = 1; System.IO.Directory.Exists(directory); tries++)
        {
            try
            {
                System.IO.Directory.Delete(directory, recursive: true);
            }
            catch (IOException) when (tries < 20)
            {
                Thread.Sleep(100);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Remove(Path);
}
