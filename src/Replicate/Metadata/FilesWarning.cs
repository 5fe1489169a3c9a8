namespace Replicate.Metadata;

/// <summary>What to know of a checkpoint before its files are relied on.</summary>
internal static class FilesWarning
{
    private const int MostNames = 5;

    /// <summary>
    /// Says that a checkpoint has no files of its own, or not all, though its step wrote them or other checkpoints of the experiment have
    /// some; empty where nothing is to be said.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="rank">What it is, such as <c>best</c>; empty for nothing.</param>
    internal static string Of(Checkpoint checkpoint, string rank) =>
        Of(checkpoint, $"The {(rank.Length > 0 ? rank + " " : "")}checkpoint {checkpoint}", "");

    /// <summary>The same of a checkpoint that stands for its experiment, with why it does.</summary>
    internal static string Of(ChosenCheckpoint chosen) => chosen.Checkpoint is not { } checkpoint ? ""
        : Of(checkpoint, $"The checkpoint {chosen}", chosen.Reason.Length > 0 ? "," : "");

    private static string Of(Checkpoint checkpoint, string name, string comma)
    {
        var others = checkpoint.HasFiles ? null : checkpoint.Owner.Checkpoints.LastOrDefault(other => other.HasFiles);
        if (checkpoint.MissingFiles.Count == 0 && others is null)
        {
            return "";
        }

        var what = checkpoint.MissingFiles.Count > 0
            ? $"{name}{comma} is without {Names(checkpoint.MissingFiles)}, which its step wrote and which could not be saved whole."
            : $"{name}{comma} has no files of its own.";
        return others is null ? what : $"{what} Others of experiment {checkpoint.Owner.ShortId} have files, the last of them {others}.";
    }

    /// <summary>Names of files in quotes, as many as a person reads.</summary>
    internal static string Names(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(MostNames).Select(file => $"'{file}'")) + (files.Count > MostNames ? $" and {files.Count - MostNames} more" : "");
}
