namespace Replicate.Storage.Disk;

/// <summary>Tells a person what the file system refused.</summary>
internal static class DiskError
{
    // The numbers of Linux, macOS and Windows (as the low half of a HRESULT), each for the same thing.
    private static readonly int[] Full = OperatingSystem.IsWindows() ? [39, 112] : OperatingSystem.IsMacOS() ? [28, 69] : [28, 122];
    private static readonly int[] ReadOnly = OperatingSystem.IsWindows() ? [19] : [30];
    private static readonly int[] Shared = OperatingSystem.IsWindows() ? [32, 33] : OperatingSystem.IsMacOS() ? [35] : [11];

    /// <summary>The error of a store for an error of the file system; null for any other exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="verb">What was tried, as in <c>read</c>.</param>
    /// <param name="path">On which file or directory.</param>
    public static ReplicateException? From(Exception exception, string verb, string path) => exception switch
    {
        UnauthorizedAccessException => Denied(exception, verb, path),
        IOException when Is(exception, ReadOnly) => Denied(exception, verb, path),
        IOException when Is(exception, Full) => new ReplicateException(
            ErrorKind.Unavailable, "DiskFull",
            $"There is no space left on the disk to {verb} '{path}'.",
            "Free some space or raise the quota, and try again.", exception),
        IOException => new ReplicateException(
            ErrorKind.Unavailable, ErrorIds.StoreUnavailable,
            $"Could not {verb} '{path}': {exception.Message}",
            "Check that the path is right and its disk is there, and try again.", exception),
        _ => null,
    };

    /// <summary>Whether there was no space left to write.</summary>
    public static bool IsFull(IOException exception) => Is(exception, Full);

    /// <summary>Whether a file could not be opened because it is open elsewhere.</summary>
    public static bool IsSharingViolation(IOException exception) => Is(exception, Shared);

    private static bool Is(Exception exception, int[] numbers) => Array.IndexOf(numbers, exception.HResult & 0xFFFF) >= 0;

    private static ReplicateException Denied(Exception exception, string verb, string path) => new(
        ErrorKind.PermissionDenied, ErrorIds.StoreAccessDenied,
        $"The user '{Environment.UserName}' is not allowed to {verb} '{path}'.",
        "Change the permissions of its directory, or choose another place.", exception);
}
