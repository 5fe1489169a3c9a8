using Replicate.Archives.Selecting;

namespace Replicate.Archives.CheckingOut;

/// <summary>A file that waits in the staging directory, or a link that is made only at its place.</summary>
/// <param name="StagedPath">Where the file waits; null for a link.</param>
/// <param name="LinkTarget">Where the link points; null for a file.</param>
internal sealed record StagedFile(string? StagedPath, string? LinkTarget)
{
    /// <summary>Its name in the staging directory; empty for a link.</summary>
    public string StagedName => Path.GetFileName(StagedPath) ?? "";
}

/// <summary>
/// Moves staged files to their places: all of them, or none. Each step can be taken again, so that one that was interrupted is
/// gone on with: what is not in the staging directory any more is in its place. What is replaced is kept in the staging directory
/// under its own path until all is done.
/// </summary>
/// <param name="target">The directory that the places are in.</param>
/// <param name="staging">A directory of the same file system.</param>
internal sealed class Placement(OpenDirectory target, OpenDirectory staging) : IDisposable
{
    /// <summary>The directory of what was replaced, in the staging directory.</summary>
    public const string Replaced = "replaced";

    private readonly OpenTree _places = new(target);
    private readonly OpenTree _kept = new(staging);
    private readonly Stack<(string Path, StagedFile? File)> _done = new();

    /// <summary>The paths of what was replaced.</summary>
    public List<string> ReplacedPaths { get; } = [];

    /// <summary>Moves the files.</summary>
    /// <param name="files">The files by their paths, in order.</param>
    /// <exception cref="IOException">It can't be done; call <see cref="TryRollBack"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be done; call <see cref="TryRollBack"/>.</exception>
    public void Place(SortedDictionary<string, StagedFile> files)
    {
        // Links come last: whether one leads to a file or to a directory matters on Windows.
        foreach (var (path, file) in files.Where(file => file.Value.LinkTarget is null).Concat(files.Where(file => file.Value.LinkTarget is not null)))
        {
            var directory = _places.Enter(ArchivePath.DirectoryOf(path), created => _done.Push((created, null)))!;
            var name = NameOf(path);
            if (file.LinkTarget is null ? !staging.Exists(file.StagedName) : directory.LinkTarget(name) == SystemTarget(file.LinkTarget))
            {
                // It is in its place; a link that nothing was replaced by may have been there always.
                if (file.LinkTarget is null || _kept.Enter(KeptDirectory(path), create: null)?.Exists(name) == true)
                {
                    _done.Push((path, file));
                }

                continue;
            }

            _done.Push((path, file));
            if (directory.Exists(name))
            {
                Keep(directory, path);
            }

            if (file.LinkTarget is { } linkTarget)
            {
                directory.Delete(name);
                directory.CreateLink(name, SystemTarget(linkTarget));
            }
            else if (!staging.TryMove(file.StagedName, directory, name))
            {
                throw new IOException($"What was to become '{path}' is gone.");
            }
        }
    }

    /// <summary>Puts all back as it was.</summary>
    /// <returns>Whether that was done; where not, a warning says what is left.</returns>
    public bool TryRollBack()
    {
        var isWhole = true;
        while (_done.TryPop(out var done))
        {
            try
            {
                TakeBack(done.Path, done.File);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                isWhole = false;
                Log.Warn($"The check-out failed, and '{done.Path}' could not be put back: {e.Message}");
            }
        }

        return isWhole;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _kept.Dispose();
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string SystemTarget(string linkTarget) => linkTarget.Replace('/', Path.DirectorySeparatorChar);

    private static string KeptDirectory(string path) => ArchivePath.Combine(Replaced, ArchivePath.DirectoryOf(path));

    private void Keep(OpenDirectory directory, string path)
    {
        if (directory.TryKeep(NameOf(path), _kept.Enter(KeptDirectory(path), _ => { })!, NameOf(path)))
        {
            ReplacedPaths.Add(path);
        }
    }

    private void TakeBack(string path, StagedFile? file)
    {
        if (_places.Enter(ArchivePath.DirectoryOf(path), create: null) is not { } directory)
        {
            return;
        }

        var name = NameOf(path);
        if (file is null)
        {
            directory.DeleteDirectory(name);
            return;
        }

        if (file.LinkTarget is not null && directory.LinkTarget(name) == SystemTarget(file.LinkTarget))
        {
            directory.Delete(name);
        }
        else if (file.LinkTarget is null && !staging.Exists(file.StagedName))
        {
            directory.TryMove(name, staging, file.StagedName);
        }

        if (_kept.Enter(KeptDirectory(path), create: null) is { } kept && kept.Exists(name))
        {
            kept.TryMove(name, directory, name);
        }
    }
}
