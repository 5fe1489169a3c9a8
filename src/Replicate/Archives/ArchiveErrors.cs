namespace Replicate.Archives;

/// <summary>What is wrong with a tarball.</summary>
internal static class ArchiveErrors
{
    public static ReplicateException Damaged(string id, Exception? cause = null) => new(
        ErrorKind.InvalidData, "ArchiveDamaged", $"The tarball of {id} is damaged or incomplete.",
        "Wait until it is written whole, or restore it from a copy of the repository.", cause);

    public static ReplicateException Refused(string id, string reason) => new(
        ErrorKind.InvalidData, "ArchiveRefused", $"The tarball of {id} is refused: {reason}.",
        "Use no files of this experiment or checkpoint unless you know who wrote the tarball.");
}
