using System.Formats.Tar;
using System.IO.Compression;

namespace Replicate.Build;

/// <summary>The command as one file with what its licences ask for, in an archive of the kind that its platform opens.</summary>
internal static class CommandArchive
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Writes the archive of a platform.</summary>
    /// <param name="platform">The platform, such as <c>linux-x64</c>.</param>
    /// <param name="name">What of the archive's name tells it from others.</param>
    /// <param name="program">The program.</param>
    /// <param name="directory">Where the archive goes.</param>
    public static void Write(string platform, string name, string program, string directory)
    {
        string[] texts = [Shell.At("LICENSE"), Shell.At("out", "packing", "THIRD-PARTY-NOTICES.txt")];
        var path = Path.Combine(directory, $"replicate-{ReleaseVersion.Number}-{name}");
        if (platform.StartsWith("win", StringComparison.Ordinal))
        {
            using var zip = ZipFile.Open(path + ".zip", ZipArchiveMode.Create);
            foreach (var file in texts.Append(program))
            {
                zip.CreateEntryFromFile(file, Path.GetFileName(file));
            }

            return;
        }

        using var tar = new TarWriter(new GZipStream(File.Create(path + ".tar.gz"), CompressionLevel.Optimal), TarEntryFormat.Pax);
        foreach (var file in texts.Append(program))
        {
            using var content = File.OpenRead(file);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, Path.GetFileName(file))
            {
                DataStream = content,
                Mode = file == program ? Executable : Readable,
            });
        }
    }
}
