namespace Replicate.Runs.Saves;

/// <summary>The versions of a path that steps may still ask for, the oldest first, in bounded memory. Not safe from several threads.</summary>
/// <param name="first">What the path held before anything was saved.</param>
internal sealed class SavedVersions(SavedVersion first)
{
    private const int Most = 64;
    private const long MostBytes = 1L << 30;

    private readonly List<SavedVersion> _all = [first];

    /// <summary>The newest; there is always one.</summary>
    internal SavedVersion Newest => _all[^1];

    /// <summary>What the path held at a position; null where that was not taken, or is given up.</summary>
    internal SavedVersion? At(long position) => _all.FindLast(known => known.First <= position && position <= known.Last);

    /// <summary>Adds a newer one, and gives up what is too much.</summary>
    internal void Add(SavedVersion version)
    {
        // Nobody can ask for a version if nothing was printed while it was there.
        if (Newest.Prints == version.Prints && Newest.First > 0)
        {
            Newest.Drop();
            _all.RemoveAt(_all.Count - 1);
        }

        _all.Add(version);
        var length = _all.Sum(known => known.Length);
        for (var i = 0; i < _all.Count - 2 && (_all.Count - i > Most || length > MostBytes); i++)
        {
            length -= _all[i].Length;
            _all[i].Drop();
        }
    }

    /// <summary>Gives up what was there only before a position.</summary>
    internal void ForgetUntil(long position)
    {
        while (_all.Count > 1 && _all[1].First <= position)
        {
            _all[0].Drop();
            _all.RemoveAt(0);
        }
    }

    /// <summary>Gives up the files of all.</summary>
    internal void Drop() => _all.ForEach(version => version.Drop());
}
