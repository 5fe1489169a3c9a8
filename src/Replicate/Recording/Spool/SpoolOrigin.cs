using Replicate.Configuration;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Spool;

/// <summary>
/// Whose a spool is: a file <c>origin</c> in it names the project and the repository that it was made for, and it lies where nobody
/// but this user can write. What is read back from it is believed, and sent; what anybody else put there must not be.
/// </summary>
/// <param name="directory">The absolute directory of the spool, which need not exist.</param>
/// <param name="origin">What it has to name.</param>
internal sealed class SpoolOrigin(string directory, string origin)
{
    /// <summary>The name of the file.</summary>
    internal const string FileName = "origin";

    private readonly string _path = Path.Combine(directory, FileName);
    private volatile bool _isChecked;

    /// <summary>Makes the spool where it is missing, and looks that it is this one.</summary>
    /// <exception cref="ReplicateException">Another can write it, or it is another's.</exception>
    internal void Claim()
    {
        if (_isChecked && File.Exists(_path))
        {
            return;
        }

        CheckPlace();
        try
        {
            DiskFile.CreateDirectory(directory);
            if (!File.Exists(_path))
            {
                // Of several that come at once each writes the same.
                WholeFile.WritePrivate(_path, origin, isDurable: true);
                DirectoryFlush.Flush(directory);
            }
        }
        catch (Exception e) when (DiskError.From(e, "write", _path) is { } error)
        {
            throw error;
        }

        Check();
    }

    /// <summary>Looks that what there is is this one.</summary>
    /// <exception cref="ReplicateException">Another can write it (<c>StateNotPrivate</c>), or it is another's (<c>SpoolOfAnother</c>).</exception>
    internal void Check()
    {
        if (_isChecked || !Directory.Exists(directory))
        {
            return;
        }

        CheckPlace();
        if (Read() is var found && found != origin)
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "SpoolOfAnother",
                $"What waits in '{directory}' belongs to {(found.Length == 0 ? "no project that it names" : $"'{found.TrimEnd().Replace("\n", "' and '", StringComparison.Ordinal)}'")}, and nothing of it is sent from here.",
                "Look at what is in it, and move it away.");
        }

        _isChecked = true;
    }

    private void CheckPlace() => LocalState.CheckPrivateFile(LocalState.StateRoot, _path);

    private string Read()
    {
        try
        {
            return File.Exists(_path) ? File.ReadAllText(_path) : "";
        }
        catch (Exception e) when (DiskError.From(e, "read", _path) is { } error)
        {
            throw error;
        }
    }
}
