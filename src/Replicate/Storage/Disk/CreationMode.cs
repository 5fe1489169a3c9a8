namespace Replicate.Storage.Disk;

/// <summary>
/// Who may read what is created. What a project saves is as private as its files may be: a directory that is made here is its
/// owner's alone, and what is put into one that somebody else made is open to those that the directory is open to. The
/// system's mask (umask) takes away from that what the user grants nobody. Windows inherits such rights by itself.
/// </summary>
internal static class CreationMode
{
    /// <summary>The mode of a directory that only its owner may enter.</summary>
    internal const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode ReadAndWrite =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const UnixFileMode Permissions =
        ReadAndWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The mode for directories below one: that of the directory; where it is missing, <see cref="Private"/>.</summary>
    internal static UnixFileMode Below(string directory)
    {
        try
        {
            return OperatingSystem.IsWindows() ? Private : File.GetUnixFileMode(directory) & Permissions;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Private;
        }
    }

    /// <summary>The mode of files in directories of a mode.</summary>
    internal static UnixFileMode OfFiles(UnixFileMode directories) => directories & ReadAndWrite;

    /// <summary>Creates a directory, and those that it lies in, where they are missing.</summary>
    internal static void CreateDirectory(string path, UnixFileMode mode = Private)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
        {
            CreateDirectory(parent, mode);
        }

        Directory.CreateDirectory(path, mode);
    }

    /// <summary>How to open a file that may be created by it.</summary>
    /// <param name="mode">Whether it has to be new.</param>
    /// <param name="access">What is done with it.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="directories">The mode of directories there.</param>
    internal static FileStreamOptions Open(FileMode mode, FileAccess access, FileShare share, UnixFileMode directories = Private)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OfFiles(directories);
        }

        return options;
    }
}
