using System.Formats.Tar;

namespace Replicate.Archives.Selecting;

/// <summary>Tells ordinary files from pipes, sockets and devices, which .NET does not, and which must not even be opened.</summary>
internal static class FileTypes
{
    /// <summary>Whether a path is an ordinary file.</summary>
    public static bool IsOrdinary(FileInfo file) =>
        OperatingSystem.IsWindows() || file.Length > 0 || IsOrdinaryInTar(file.FullName);

    /// <summary>Pipes and devices have no length; for what has none, the header that .NET would write tells the type.</summary>
    private static bool IsOrdinaryInTar(string path)
    {
        using var header = new MemoryStream();
        try
        {
            using (var writer = new TarWriter(header, TarEntryFormat.Pax, leaveOpen: true))
            {
                writer.WriteEntry(path, "file");
            }
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return false; // A socket has no place in a tar file at all.
        }

        header.Position = 0;
        using var reader = new TarReader(header);
        return reader.GetNextEntry()?.EntryType == TarEntryType.RegularFile;
    }
}
