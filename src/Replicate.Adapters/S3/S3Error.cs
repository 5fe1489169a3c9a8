using System.Net;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.S3;

/// <summary>What an exception of Amazon's client means.</summary>
internal sealed class S3Error : CloudErrors
{
    /// <summary>The one instance.</summary>
    public static readonly S3Error Instance = new();

    /// <inheritdoc/>
    protected override CloudAdvice Advice { get; } = new(
        "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile in AWS_PROFILE, or sign in again.",
        "Let them do s3:ListBucket on '{0}' and s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it.",
        "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with the AWS command line.",
        "AWS_ENDPOINT_URL_S3");

    /// <inheritdoc/>
    public override Refusal? Read(Exception? exception) => exception is AmazonServiceException { StatusCode: > 0 } answer
        ? new Refusal(answer.StatusCode, KindOf(answer), IsBusy(answer), Text(answer))
        : null;

    /// <inheritdoc/>
    public override ReplicateException? Explain(Exception exception, string verb, BucketUrl url, string server) =>
        exception is AmazonS3Exception { ErrorCode: "InvalidBucketName" } e
            ? new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.InvalidBucketName, $"'{url.Bucket}' cannot be the name of a bucket: {Text(e)}",
                "Use 3 to 63 lower-case letters, digits and hyphens.", e)
            : base.Explain(exception, verb, url, server);

    /// <inheritdoc/>
    protected override bool IsUnanswered(Exception exception) => exception switch
    {
        XmlException or AmazonUnmarshallingException => true,
        AmazonServiceException { InnerException: { } inner } => Judge(inner) == Failure.Unanswered,
        _ => base.IsUnanswered(exception),
    };

    /// <inheritdoc/>
    protected override bool IsAboutCredentials(Exception exception) => exception is AmazonClientException;

    private static RefusalKind KindOf(AmazonServiceException answer) => answer switch
    {
        { ErrorCode: "NoSuchBucket" } => RefusalKind.NoBucket,
        { ErrorCode: "NoSuchKey" } => RefusalKind.NoObject,
        { StatusCode: HttpStatusCode.NotFound } => RefusalKind.Missing, // The answer to HEAD has no body, which would tell of the bucket.
        { StatusCode: HttpStatusCode.PreconditionFailed } => RefusalKind.ConditionNotMet,
        {
            ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired"
            or "AuthFailure"
        } => RefusalKind.BadCredentials,
        { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => RefusalKind.NotAllowed,
        _ => RefusalKind.Other,
    };

    private static bool IsBusy(AmazonServiceException answer) =>
        Refusal.IsBusyStatus(answer.StatusCode)
        || (answer.StatusCode != HttpStatusCode.NotImplemented
            && (answer.ErrorCode is "SlowDown" or "InternalError" or "ServiceUnavailable" or "RequestTimeout"
                or "ConditionalRequestConflict" or "OperationAborted" or "ConcurrentModification"
                || answer.ErrorCode?.StartsWith("Throttl", StringComparison.Ordinal) == true));

    private static string Text(AmazonServiceException exception) =>
        $"{(int)exception.StatusCode} {exception.ErrorCode}{(string.IsNullOrWhiteSpace(exception.Message) ? "" : $", {FirstLine(exception.Message)}")}";
}
