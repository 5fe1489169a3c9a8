namespace Replicate.Archives;

/// <summary>What the file system says, as errors of ours.</summary>
internal static class FileErrors
{
    public static ReplicateException Unreadable(Exception cause) => new(
        KindOf(cause), "FileUnreadable", $"What is to be saved cannot be read: {cause.Message}",
        "Make it readable, or exclude it in .replicateignore.", cause);

    public static ReplicateException CheckOutFailed(string directory, Exception cause) => new(
        KindOf(cause), "CheckOutFailed", $"The files cannot be checked out into '{directory}': {cause.Message}",
        "Choose another directory, or make this one writable and free space in it.", cause);

    private static ErrorKind KindOf(Exception cause) =>
        cause is UnauthorizedAccessException ? ErrorKind.PermissionDenied : ErrorKind.Unavailable;
}
