using System.Net;
using System.Net.Sockets;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.S3;

/// <summary>What an exception of Amazon's client means.</summary>
internal static class S3Error
{
    /// <summary>Whether to repeat a request that failed so.</summary>
    public static Failure Judge(Exception exception) => exception switch
    {
        AmazonServiceException { StatusCode: > 0 } answer => IsBusy(answer) ? Failure.Busy : Failure.Final,
        HttpRequestException or IOException or SocketException or XmlException or TimeoutException => Failure.Unanswered,
        AmazonUnmarshallingException or OperationCanceledException => Failure.Unanswered,
        AmazonServiceException { InnerException: { } inner } => Judge(inner),
        _ => Failure.Final,
    };

    /// <summary>Whether the object is missing, though perhaps the bucket too: the answer to HEAD doesn't tell.</summary>
    public static bool IsMissing(AmazonS3Exception exception) =>
        exception.StatusCode == HttpStatusCode.NotFound && !IsNoBucket(exception);

    /// <summary>Whether the bucket is missing.</summary>
    public static bool IsNoBucket(AmazonS3Exception exception) => exception.ErrorCode == "NoSuchBucket";

    /// <summary>Whether the object is not as the condition wants it.</summary>
    public static bool IsConditionNotMet(AmazonS3Exception exception) =>
        exception.StatusCode == HttpStatusCode.PreconditionFailed || IsMissing(exception);

    /// <summary>Whether the server does not know what was asked of it.</summary>
    public static bool IsNotImplemented(AmazonS3Exception exception) => exception.StatusCode == HttpStatusCode.NotImplemented;

    /// <summary>Whether the bucket may be in another region.</summary>
    public static bool IsPerhapsElsewhere(AmazonS3Exception exception) =>
        exception.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Moved or HttpStatusCode.TemporaryRedirect;

    /// <summary>The error for a person.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="verb">What was tried, as in <c>read</c>.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="endpoint">The server that was asked.</param>
    public static ReplicateException? From(Exception exception, string verb, string bucket, string endpoint) => exception switch
    {
        AmazonS3Exception e when IsNoBucket(e) => NoBucket(bucket, endpoint, e),
        AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken"
            or "TokenRefreshRequired" or "AuthFailure" } e => new ReplicateException(
                ErrorKind.PermissionDenied, "CredentialsRefused",
                $"'{endpoint}' refuses the credentials for the bucket '{bucket}': {Text(e)}",
                "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile in AWS_PROFILE, or sign in again.", e),
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } e => new ReplicateException(
            ErrorKind.PermissionDenied, "StoreAccessDenied",
            $"These credentials are not allowed to {verb} in the bucket '{bucket}': {Text(e)}",
            $"Let them do s3:ListBucket on '{bucket}' and s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it.", e),
        AmazonS3Exception { ErrorCode: "InvalidBucketName" } e => new ReplicateException(
            ErrorKind.InvalidArgument, "InvalidBucketName", $"'{bucket}' cannot be the name of a bucket: {Text(e)}",
            "Use 3 to 63 lower-case letters, digits and hyphens.", e),
        AmazonServiceException { StatusCode: > 0 } e => new ReplicateException(
            ErrorKind.Unavailable, "StoreUnavailable",
            $"'{endpoint}' failed to {verb} in the bucket '{bucket}': {Text(e)}",
            "Try again later; if it stays so, ask whoever runs the server.", e),
        _ when Judge(exception) == Failure.Unanswered => new ReplicateException(
            ErrorKind.Unavailable, "StoreUnreachable",
            $"'{endpoint}' with the bucket '{bucket}' cannot be reached: {Innermost(exception)}",
            "Check the network, the proxy, and AWS_ENDPOINT_URL_S3 if it is set.", exception),
        AmazonClientException e => new ReplicateException(
            ErrorKind.PermissionDenied, "CredentialsNotFound",
            $"There are no credentials for the bucket '{bucket}': {FirstLine(e.Message)}",
            "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with the AWS command line.", e),
        _ => null,
    };

    /// <summary>The error for a bucket that isn't there.</summary>
    public static ReplicateException NoBucket(string bucket, string endpoint, Exception? cause = null) => new(
        ErrorKind.NotFound, "BucketNotFound", $"There is no bucket '{bucket}' at '{endpoint}'.",
        "Check its name; the first experiment that is saved creates it.", cause);

    private static bool IsBusy(AmazonServiceException answer) => answer.StatusCode switch
    {
        HttpStatusCode.NotImplemented => false,
        >= HttpStatusCode.InternalServerError => true,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => true,
        _ => answer.ErrorCode is "SlowDown" or "InternalError" or "ServiceUnavailable" or "RequestTimeout"
            or "ConditionalRequestConflict" or "OperationAborted" or "ConcurrentModification"
            || answer.ErrorCode?.StartsWith("Throttl", StringComparison.Ordinal) == true,
    };

    private static string Text(AmazonServiceException exception) =>
        $"{(int)exception.StatusCode} {exception.ErrorCode}{(string.IsNullOrWhiteSpace(exception.Message) ? "" : $", {FirstLine(exception.Message)}")}";

    private static string Innermost(Exception exception) => FirstLine(exception.GetBaseException().Message);

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
