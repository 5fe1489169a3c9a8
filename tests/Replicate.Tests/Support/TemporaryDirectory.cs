namespace Replicate.Tests.Support;

/// <summary>A directory of one test, removed at its end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private const int MaxTries = 10;

    public string Path { get; } = Directory.CreateTempSubdirectory("replicate-test-").FullName;

    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file, its directories included, and returns its path.</summary>
    public string Write(string path, string text)
    {
        var full = Combine(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    /// <summary>Copies a directory with everything in it, hidden files included, to a place below this one.</summary>
    public string CopyOf(string source, string name = "copy")
    {
        var target = Combine(name);
        foreach (var file in Directory.EnumerateFiles(source, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            File.SetAttributes(copy, FileAttributes.Normal);
        }

        return target;
    }

    public void Dispose()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (UnauthorizedAccessException)
            {
                // A test that takes permissions away leaves them for its own clean-up; what stays is in the temporary directory.
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException) when (tries < MaxTries)
            {
                // What is written in the background, such as the metadata of a run that was not stopped, came in between.
                Thread.Sleep(20);
            }
        }
    }
}
