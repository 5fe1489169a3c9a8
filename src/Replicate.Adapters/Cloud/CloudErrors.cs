using System.Net.Sockets;

namespace Replicate.Adapters.Cloud;

/// <summary>What a person is told to do.</summary>
/// <param name="BadCredentials">Where credentials are refused.</param>
/// <param name="NotAllowed">Where credentials may not do something; {0} is the bucket, or the account that has it.</param>
/// <param name="NoCredentials">Where none are found.</param>
/// <param name="EndpointVariable">The environment variable that names another server.</param>
internal sealed record CloudAdvice(string BadCredentials, string NotAllowed, string NoCredentials, string EndpointVariable);

/// <summary>What the exceptions of a cloud's client mean.</summary>
internal abstract class CloudErrors
{
    /// <summary>What a person is told to do in this cloud.</summary>
    protected abstract CloudAdvice Advice { get; }

    /// <summary>The server's answer in an exception; null when there was none.</summary>
    public abstract Refusal? Read(Exception? exception);

    /// <summary>The server's answer in what <see cref="CloudBucket{TClient}.RunAsync"/> threw; null when there was none.</summary>
    public Refusal? ReadCause(ReplicateException error) => Read(error.InnerException);

    /// <summary>Whether to repeat a request that failed so.</summary>
    public Failure Judge(Exception exception) =>
        Read(exception) is { } refusal ? refusal.IsBusy ? Failure.Busy : Failure.Final
        : IsUnanswered(exception) ? Failure.Unanswered
        : Failure.Final;

    /// <summary>The error for a person; null for an exception that has nothing to do with the cloud.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="verb">What was tried, as in <c>read</c>.</param>
    /// <param name="url">The bucket.</param>
    /// <param name="server">The server that was asked.</param>
    public virtual ReplicateException? Explain(Exception exception, string verb, BucketUrl url, string server) => Read(exception) switch
    {
        { Kind: RefusalKind.NoBucket } => NoBucket(url, server, exception),
        { Kind: RefusalKind.BadCredentials } refusal => new ReplicateException(
            ErrorKind.PermissionDenied, ErrorIds.CredentialsRefused,
            $"'{server}' refuses the credentials for the {url.Place}: {refusal.Text}", Advice.BadCredentials, exception),
        { Kind: RefusalKind.NotAllowed } refusal => new ReplicateException(
            ErrorKind.PermissionDenied, ErrorIds.StoreAccessDenied,
            $"These credentials are not allowed to {verb} in the {url.Place}: {refusal.Text}",
            Advice.NotAllowed.Replace("{0}", url.Account ?? url.Bucket, StringComparison.Ordinal), exception),
        { } refusal => new ReplicateException(
            ErrorKind.Unavailable, ErrorIds.StoreUnavailable,
            $"'{server}' failed to {verb} in the {url.Place}: {refusal.Text}",
            "Try again later; if it stays so, ask whoever runs the server.", exception),
        null when IsUnanswered(exception) => new ReplicateException(
            ErrorKind.Unavailable, ErrorIds.StoreUnreachable,
            $"'{server}' with the {url.Place} cannot be reached: {FirstLine(exception.GetBaseException().Message)}",
            $"Check the network, the proxy, and {Advice.EndpointVariable} if it is set.", exception),
        null when IsAboutCredentials(exception) => new ReplicateException(
            ErrorKind.PermissionDenied, ErrorIds.CredentialsNotFound,
            $"There are no credentials for the {url.Place}: {FirstLine(exception.Message)}", Advice.NoCredentials, exception),
        null => null,
    };

    /// <summary>The error for a bucket that isn't there.</summary>
    public static ReplicateException NoBucket(BucketUrl url, string server, Exception? cause) => new(
        ErrorKind.NotFound, ErrorIds.BucketNotFound, $"There is no {url.Place} at '{server}'.",
        "Check its name; the first experiment that is saved creates it.", cause);

    /// <summary>Whether an exception without an answer says that none came, or a broken one.</summary>
    protected virtual bool IsUnanswered(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException;

    /// <summary>Whether an exception without an answer is about finding credentials.</summary>
    protected abstract bool IsAboutCredentials(Exception exception);

    /// <summary>The first line of a text.</summary>
    protected static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
