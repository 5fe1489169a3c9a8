namespace Replicate.Archives;

/// <summary>A file that waits in the staging directory, or a link that is made only at its place.</summary>
/// <param name="StagedPath">Where the file waits; null for a link.</param>
/// <param name="LinkTarget">Where the link points; null for a file.</param>
internal sealed record StagedFile(string? StagedPath, string? LinkTarget);

/// <summary>Moves staged files to their places: all of them, or none.</summary>
/// <param name="target">The directory that the places are in.</param>
/// <param name="staging">A directory of the same file system, where replaced files are kept until all is done.</param>
/// <param name="fileSystem">Which names it holds.</param>
internal sealed class Placement(string target, string staging, TargetFileSystem fileSystem)
{
    private readonly Stack<Action> _undo = new();

    /// <summary>Moves the files.</summary>
    /// <param name="files">The files by their paths, in order.</param>
    /// <exception cref="ReplicateException">
    /// <c>NamesImpossible</c>, <c>PathInTheWay</c>, <c>CheckOutFailed</c>; all is as before then.
    /// </exception>
    public void Place(SortedDictionary<string, StagedFile> files)
    {
        PathsInTheWay.Check(target, fileSystem, files.Keys);
        try
        {
            foreach (var (path, file) in files)
            {
                CreateDirectory(Path.GetDirectoryName(FullPath(path))!);
                if (file.StagedPath is { } staged)
                {
                    PlaceFile(staged, FullPath(path));
                }
            }

            // Links come last: whether one leads to a file or to a directory matters on Windows.
            foreach (var (path, file) in files)
            {
                if (file.LinkTarget is { } linkTarget)
                {
                    PlaceLink(linkTarget, FullPath(path));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RollBack();
            throw FileErrors.CheckOutFailed(target, e);
        }
    }

    private string FullPath(string path) => Path.Combine(target, path.Replace('/', Path.DirectorySeparatorChar));

    private void CreateDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        CreateDirectory(Path.GetDirectoryName(directory)!);
        Directory.CreateDirectory(directory);
        _undo.Push(() => Directory.Delete(directory));
    }

    private void PlaceFile(string staged, string place)
    {
        if (new FileInfo(place).LinkTarget is { } oldTarget)
        {
            File.Move(staged, place, overwrite: true);
            _undo.Push(() =>
            {
                File.Delete(place);
                CreateLink(oldTarget, place);
            });
        }
        else if (File.Exists(place))
        {
            // The old file stays in its place until the very moment the new one is there.
            var aside = staged + "-replaced";
            File.Replace(staged, place, aside, ignoreMetadataErrors: true);
            _undo.Push(() => File.Move(aside, place, overwrite: true));
        }
        else
        {
            File.Move(staged, place);
            _undo.Push(() => File.Delete(place));
        }
    }

    private void PlaceLink(string linkTarget, string place)
    {
        if (new FileInfo(place).LinkTarget is { } oldTarget)
        {
            File.Delete(place);
            _undo.Push(() => CreateLink(oldTarget, place));
        }
        else if (File.Exists(place))
        {
            var aside = Path.Combine(staging, FormattableString.Invariant($"{_undo.Count}-replaced-by-link"));
            File.Move(place, aside);
            _undo.Push(() => File.Move(aside, place));
        }

        CreateLink(linkTarget, place);
        _undo.Push(() => File.Delete(place));
    }

    private static void CreateLink(string linkTarget, string place)
    {
        var systemTarget = linkTarget.Replace('/', Path.DirectorySeparatorChar);
        if (Directory.Exists(Path.GetFullPath(systemTarget, Path.GetDirectoryName(place)!)))
        {
            Directory.CreateSymbolicLink(place, systemTarget);
        }
        else
        {
            File.CreateSymbolicLink(place, systemTarget);
        }
    }

    private void RollBack()
    {
        while (_undo.TryPop(out var undo))
        {
            try
            {
                undo();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Notices.Warn($"The check-out failed, and part of it could not be taken back: {e.Message}");
            }
        }
    }
}
