namespace Replicate.Archives.CheckingOut;

/// <summary>The directories below an open one, each entered from that it lies in; those on the way to the last one stay open.</summary>
/// <param name="top">The directory; it stays the caller's.</param>
internal sealed class OpenTree(OpenDirectory top) : IDisposable
{
    private readonly List<(string Name, OpenDirectory Directory)> _open = [];

    /// <summary>The directory of a path.</summary>
    /// <param name="path">Relative to the top, with <c>/</c>; empty for the top.</param>
    /// <param name="create">Told each directory that is created; null to create none.</param>
    /// <returns>Good until the next call; null where it is missing and nothing is to be created.</returns>
    /// <exception cref="IOException">A link or a file is on the way.</exception>
    public OpenDirectory? Enter(string path, Action<string>? create)
    {
        var names = path.Length == 0 ? [] : path.Split('/');
        var common = 0;
        while (common < names.Length && common < _open.Count && names[common] == _open[common].Name)
        {
            common++;
        }

        Close(common);
        for (var i = common; i < names.Length; i++)
        {
            var parent = Last;
            if (parent.Child(names[i]) is not { } child)
            {
                if (create is null)
                {
                    return null;
                }

                if (parent.TryCreate(names[i]))
                {
                    create(string.Join('/', names, 0, i + 1));
                }

                child = parent.Child(names[i]) ?? throw new IOException($"The directory '{path}' was removed meanwhile.");
            }

            _open.Add((names[i], child));
        }

        return Last;
    }

    /// <inheritdoc/>
    public void Dispose() => Close(0);

    private OpenDirectory Last => _open.Count > 0 ? _open[^1].Directory : top;

    private void Close(int from)
    {
        for (; _open.Count > from; _open.RemoveAt(_open.Count - 1))
        {
            _open[^1].Directory.Dispose();
        }
    }
}
