namespace Replicate;

/// <summary>What kind of thing went wrong; a shell maps it to its own category or exit code.</summary>
public enum ErrorKind
{
    /// <summary>An argument, name or setting is wrong.</summary>
    InvalidArgument,

    /// <summary>What was asked for does not exist.</summary>
    NotFound,

    /// <summary>A prefix of an id matches more than one thing.</summary>
    Ambiguous,

    /// <summary>A file of a repository, a configuration or an archive is damaged or not of the format.</summary>
    InvalidData,

    /// <summary>The store refuses access.</summary>
    PermissionDenied,

    /// <summary>The store could not be reached, or failed while being read or written.</summary>
    Unavailable,

    /// <summary>Something is in the way: a non-empty directory, or a change by another writer.</summary>
    Conflict,

    /// <summary>The repository is of a version that this release does not know.</summary>
    UnsupportedVersion,
}

/// <summary>
/// An error that a person can act on: <see cref="Exception.Message"/> says what is wrong, with the value in it, and
/// <see cref="RecommendedAction"/> what to do. What a message says of a repository or a tarball is somebody else's text:
/// control characters in it are escaped, so that a terminal shows them.
/// </summary>
public sealed class ReplicateException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="kind">What kind of thing went wrong.</param>
    /// <param name="id">A stable name in PascalCase, such as <c>ExperimentNotFound</c>.</param>
    /// <param name="message">One sentence on what is wrong, with the value in it.</param>
    /// <param name="recommendedAction">One sentence on what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public ReplicateException(
        ErrorKind kind, string id, string message, string recommendedAction, Exception? innerException = null)
        : base(VisibleText.Of(message), innerException)
    {
        Kind = kind;
        Id = id;
        RecommendedAction = VisibleText.Of(recommendedAction);
    }

    /// <summary>What kind of thing went wrong.</summary>
    public ErrorKind Kind { get; }

    /// <summary>A stable name of the error in PascalCase, such as <c>ExperimentNotFound</c>.</summary>
    public string Id { get; }

    /// <summary>One sentence on what to do about it.</summary>
    public string RecommendedAction { get; }
}
