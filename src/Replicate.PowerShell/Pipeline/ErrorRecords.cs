using System.Management.Automation;

namespace Replicate.PowerShell.Pipeline;

/// <summary>Turns what the engine throws into what a shell shows.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error of the engine or of a file system; null for what is neither.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="target">What was worked on, or null.</param>
    internal static ErrorRecord? From(Exception error, object? target) => error switch
    {
        ReplicateException ours => new ErrorRecord(ours, ours.Id, CategoryOf(ours.Kind), target)
        {
            ErrorDetails = new ErrorDetails(ours.Message) { RecommendedAction = ours.RecommendedAction },
        },
        UnauthorizedAccessException => new ErrorRecord(error, "AccessDenied", ErrorCategory.PermissionDenied, target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = "Check the permissions." },
        },
        IOException => new ErrorRecord(error, "FileSystemFailed", ErrorCategory.ResourceUnavailable, target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = "Check that the disk is there, writable and not full." },
        },
        _ => null,
    };

    private static ErrorCategory CategoryOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument or ErrorKind.Ambiguous => ErrorCategory.InvalidArgument,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.InvalidData => ErrorCategory.InvalidData,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.Unavailable => ErrorCategory.ResourceUnavailable,
        ErrorKind.Conflict => ErrorCategory.ResourceExists,
        ErrorKind.UnsupportedVersion => ErrorCategory.NotImplemented,
        _ => ErrorCategory.NotSpecified,
    };
}
