namespace Replicate.Archives.Writing;

/// <summary>What the file system says, as errors of ours.</summary>
internal static class FileErrors
{
    private const string Unknown = "\ufffd";

    public static ReplicateException Unreadable(Exception cause) => new(
        KindOf(cause), ErrorIds.FileUnreadable, $"What is to be saved cannot be read: {cause.Message}",
        "Make it readable, or exclude it in .replicateignore.", cause);

    /// <summary>Whether an error says that a file is gone or can't be read, rather than that it changed.</summary>
    public static bool IsGoneOrUnreadable(ReplicateException error) =>
        error.Id == ErrorIds.FileUnreadable || (error.Id == ErrorIds.FileChanged && error.InnerException is FileNotFoundException or DirectoryNotFoundException);

    /// <summary>Why something that was found is left out, as the end of a sentence.</summary>
    public static string WhyLeftOut(string path, Exception cause) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException when path.Contains(Unknown, StringComparison.Ordinal) => "its name is not valid UTF-8",
        FileNotFoundException or DirectoryNotFoundException => "it vanished before it could be saved",
        UnauthorizedAccessException => "permission to read it is denied",
        _ => $"it cannot be read ({cause.Message.TrimEnd('.')})",
    };

    /// <summary>A path with what the runtime puts in place of bytes that are no text made visible.</summary>
    public static string Shown(string path) => path.Replace(Unknown, @"\ufffd", StringComparison.Ordinal);

    public static ReplicateException CheckOutFailed(string directory, Exception cause) => new(
        KindOf(cause), "CheckOutFailed", $"The files cannot be checked out into '{directory}': {cause.Message}",
        "Choose another directory, or make this one writable and free space in it.", cause);

    private static ErrorKind KindOf(Exception cause) =>
        cause is UnauthorizedAccessException ? ErrorKind.PermissionDenied : ErrorKind.Unavailable;
}
