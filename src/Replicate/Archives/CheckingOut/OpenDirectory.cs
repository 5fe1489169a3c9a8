using Replicate.Storage.Disk;

namespace Replicate.Archives.CheckingOut;

/// <summary>
/// A directory that stays open, and what is done in it by single names: it stays the same one whatever others put in its place
/// meanwhile, and no link is followed on the way from it to what lies in it.
/// </summary>
internal abstract class OpenDirectory : IDisposable
{
    /// <summary>Opens a directory that the user named; links on the way to it are followed.</summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="IOException">There is none.</exception>
    public static OpenDirectory Open(string path) =>
        OperatingSystem.IsWindows() ? WindowsDirectory.OpenNamed(path) : UnixDirectory.OpenNamed(path);

    /// <summary>A path of something in it, to read or write content by; it leads here even where another directory took this one's place, if the system can.</summary>
    /// <param name="name">A name; empty for the directory.</param>
    public abstract string PathOf(string name);

    /// <summary>Opens a directory in it.</summary>
    /// <returns>Null where there is nothing of that name.</returns>
    /// <exception cref="IOException">It is a link or no directory.</exception>
    public abstract OpenDirectory? Child(string name);

    /// <summary>Creates a directory in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isPrivate">Whether only its owner may enter it.</param>
    /// <returns>False where there is something of that name.</returns>
    public abstract bool TryCreate(string name, bool isPrivate = false);

    /// <summary>Whether there is something of that name, be it a link that leads nowhere.</summary>
    public abstract bool Exists(string name);

    /// <summary>Moves something elsewhere, over what is there.</summary>
    /// <returns>False where there is nothing of that name.</returns>
    public abstract bool TryMove(string name, OpenDirectory to, string newName);

    /// <summary>Puts a file or link elsewhere, over what is there; it may stay here, too, to be moved over.</summary>
    /// <returns>False where there is nothing of that name.</returns>
    /// <exception cref="IOException">It is a directory.</exception>
    public abstract bool TryKeep(string name, OpenDirectory to, string newName);

    /// <summary>Where a link leads; null for what is none.</summary>
    public abstract string? LinkTarget(string name);

    /// <summary>Creates a symbolic link.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">Where it leads, with the separators of this system.</param>
    public abstract void CreateLink(string name, string target);

    /// <summary>Deletes a file or a link, where it is there.</summary>
    public abstract void Delete(string name);

    /// <summary>Deletes an empty directory, where it is there.</summary>
    public abstract void DeleteDirectory(string name);

    /// <summary>Makes files durable, with their names here.</summary>
    /// <param name="names">The files in it.</param>
    public abstract void Flush(IReadOnlyCollection<string> names);

    /// <summary>Deletes a directory in it with all that it holds, where it is there.</summary>
    public void DeleteTree(string name)
    {
        using (var child = Child(name))
        {
            foreach (var entry in child is null ? [] : Directory.EnumerateFileSystemEntries(child.PathOf("")))
            {
                if (new DirectoryInfo(entry) is { Exists: true, LinkTarget: null })
                {
                    HeldFile.DeleteDirectory(entry);
                }
                else
                {
                    HeldFile.Delete(entry);
                }
            }
        }

        DeleteDirectory(name);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Flushes each file by itself.</summary>
    protected void FlushEach(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            using var file = File.OpenHandle(
                PathOf(name), FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.Write : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
        }
    }
}
