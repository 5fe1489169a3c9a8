using Replicate.Archives.Selecting;

namespace Replicate.Comparisons;

/// <summary>Compares the files that were saved with experiments and checkpoints, two or more at once.</summary>
public static class FileComparison
{
    /// <summary>
    /// The files that differ, in the order of their paths. A checkpoint has the files of its experiment with its own over
    /// them. Of a tarball with an index only the texts are read whose lines are compared, any other is read once; and no file
    /// is held in memory whole but a text while its lines are compared.
    /// </summary>
    /// <param name="sides">Two or more; an experiment stands for its best, else its latest checkpoint.</param>
    /// <param name="includes">Which paths are compared; null for all.</param>
    /// <param name="progress">Told how much is read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The files; what a side has whose tarball is missing or damaged is not known, which a warning tells.</returns>
    /// <exception cref="ReplicateException">There are fewer than two sides, or the repository does not answer.</exception>
    public static async Task<IReadOnlyList<FileDifference>> BetweenAsync(
        IReadOnlyList<Match> sides, Func<string, bool>? includes = null, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Comparison.RequireTwo(sides);
        var reader = new SideReader(sides.Count == 2 ? new KeptTexts() : null, includes ?? (_ => true), progress);
        var files = new List<IReadOnlyDictionary<string, ComparedFile>?>();
        foreach (var side in sides)
        {
            files.Add(await TryAsync(side, () => reader.ReadAsync(side, cancellationToken)));
        }

        if (files is [{ } left, { } right])
        {
            files = [await TextsAsync(sides[0], left, right), await TextsAsync(sides[1], right, left)];
        }

        var known = files.OfType<IReadOnlyDictionary<string, ComparedFile>>().ToArray();
        var names = sides.Select(side => side.Representative?.ShortId ?? side.Experiment.ShortId).ToArray();
        return known.Length < 2 ? [] :
        [
            .. known.SelectMany(side => side.Keys).Distinct().Order(Utf8Order.Instance)
                .Where(path => known.Any(side => Differ(known[0].GetValueOrDefault(path), side.GetValueOrDefault(path))))
                .Select(path => new FileDifference(
                    path, [.. files.Select(side => side is null ? ComparedFile.Unknown : side.GetValueOrDefault(path))], names)),
        ];

        Task<IReadOnlyDictionary<string, ComparedFile>?> TextsAsync(
            Match side, IReadOnlyDictionary<string, ComparedFile> own, IReadOnlyDictionary<string, ComparedFile> other) => TryAsync(side, async () =>
        {
            await reader.ReadTextsAsync(own, other, cancellationToken);
            return own;
        });
    }

    /// <summary>What is one saved file or directory, for the paths that are compared.</summary>
    /// <param name="path">Its path relative to the project directory.</param>
    public static Func<string, bool> AtOrBelow(string path)
    {
        var directory = ArchivePath.FromUser(path);
        return saved => directory is not null && ArchivePath.IsAtOrBelow(saved, directory);
    }

    private static async Task<IReadOnlyDictionary<string, ComparedFile>?> TryAsync(
        Match side, Func<Task<IReadOnlyDictionary<string, ComparedFile>>> read)
    {
        try
        {
            return await read();
        }
        catch (ReplicateException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.InvalidData)
        {
            var name = side.Representative is { } checkpoint ? $"checkpoint {checkpoint.ShortId}" : $"experiment {side.Experiment.ShortId}";
            Log.Warn($"The files of {name} cannot be compared: {error.Message} {error.RecommendedAction}");
            return null;
        }
    }

    private static bool Differ(ComparedFile? left, ComparedFile? right) =>
        left is null || right is null ? left != right : left.Mode != right.Mode || !left.HasContentOf(right);
}
