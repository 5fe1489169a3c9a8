using System.Management.Automation;
using Replicate.Runs;

namespace Replicate.PowerShell.Host;

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
            ErrorDetails = new ErrorDetails(Value.Escape(error.Message)) { RecommendedAction = "Check the permissions." },
        },
        IOException => new ErrorRecord(error, "FileSystemFailed", ErrorCategory.ResourceUnavailable, target)
        {
            ErrorDetails = new ErrorDetails(Value.Escape(error.Message)) { RecommendedAction = "Check that the disk is there, writable and not full." },
        },
        _ => null,
    };

    /// <summary>The record of a run that wasn't completed.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="failure">What ended a script block; null for none.</param>
    internal static ErrorRecord OfRun(RunResult result, RuntimeException? failure)
    {
        var message = LogCommands.AreRead ? LogCommands.Defuse(result.Summary) : result.Summary;
        return new ErrorRecord(new RuntimeException(message, failure), "ReplicateRunFailed", ErrorCategory.OperationStopped, result.Experiment)
        {
            ErrorDetails = new ErrorDetails(message)
            {
                RecommendedAction = "Read the end of its error output in the property ErrorOutput of the experiment.",
            },
        };
    }

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
