using Replicate.Archives.Reading;

namespace Replicate.Archives.Writing;

/// <summary>What is wrong with a tarball.</summary>
internal static class ArchiveErrors
{
    public static ReplicateException Damaged(string id, Exception? cause = null) => new(
        ErrorKind.InvalidData, ErrorIds.ArchiveDamaged, $"The tarball of {id} is damaged or incomplete.",
        "Wait until it is written whole, or restore it from a copy of the repository.", cause);

    public static ReplicateException DamagedAt(string id, string names, Exception? cause = null) => new(
        ErrorKind.InvalidData, ErrorIds.ArchiveDamaged, $"The tarball of {id} is damaged: {names} is not what was saved.",
        "Restore it from a copy of the repository; what lies elsewhere in it can still be checked out by its path.", cause);

    public static ReplicateException Replaced(string id) => new(
        ErrorKind.InvalidData, ErrorIds.ArchiveDamaged, $"The tarball of {id} is not the one that was written: its checksum is not what was recorded.",
        "Restore it from a copy of the repository; single files of it may still be whole.");

    public static ReplicateException TooLarge(string id, ExpansionLimit limit) => new(
        ErrorKind.InvalidData, "ArchiveTooLarge",
        FormattableString.Invariant(
            $"The tarball of {id} is refused: it would expand to more than {limit.Bytes:N0} bytes or {limit.Entries:N0} files."),
        "Give a higher maximal size, if you know who wrote the tarball.");

    public static ReplicateException Refused(string id, string reason) => new(
        ErrorKind.InvalidData, ErrorIds.ArchiveRefused, $"The tarball of {id} is refused: {reason}.",
        "Use no files of this experiment or checkpoint unless you know who wrote the tarball.");
}
