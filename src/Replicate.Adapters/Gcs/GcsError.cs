using System.Net;
using System.Text.Json;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Gcs;

/// <summary>What an exception of Google's client means.</summary>
internal sealed class GcsError : CloudErrors
{
    /// <summary>The one instance.</summary>
    public static readonly GcsError Instance = new();

    /// <inheritdoc/>
    protected override CloudAdvice Advice { get; } = new(
        "Check GOOGLE_APPLICATION_CREDENTIALS, or sign in again with: gcloud auth application-default login",
        "Give them the role Storage Object Admin on '{0}'.",
        "Set GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_APPLICATION_CREDENTIALS_JSON, or sign in with: gcloud auth application-default login",
        "STORAGE_EMULATOR_HOST");

    /// <inheritdoc/>
    public override Refusal? Read(Exception? exception) => exception switch
    {
        GoogleApiException { HttpStatusCode: > 0 } e => new Refusal(
            e.HttpStatusCode, KindOf(e.HttpStatusCode), Refusal.IsBusyStatus(e.HttpStatusCode),
            $"{(int)e.HttpStatusCode} {FirstLine(e.Error?.Message ?? e.Message)}"),
        TokenResponseException e => new Refusal(
            e.StatusCode ?? 0, RefusalKind.BadCredentials, e.StatusCode is { } status && Refusal.IsBusyStatus(status), FirstLine(e.Message)),
        _ => null,
    };

    /// <inheritdoc/>
    public override ReplicateException? Explain(Exception exception, string verb, BucketUrl url, string server) =>
        exception is ArgumentException { ParamName: "bucket" }
            ? new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.InvalidBucketName, $"'{url.Bucket}' cannot be the name of a bucket.",
                "Use 3 to 63 lower-case letters, digits, hyphens, underscores and dots.", exception)
            : base.Explain(exception, verb, url, server);

    /// <inheritdoc/>
    protected override bool IsUnanswered(Exception exception) =>
        base.IsUnanswered(exception) || (exception.InnerException is { } inner && Judge(inner) != Failure.Final);

    /// <inheritdoc/>
    protected override bool IsAboutCredentials(Exception exception) =>
        exception is InvalidOperationException or JsonException or ArgumentException;

    private static RefusalKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => RefusalKind.BadCredentials,
        HttpStatusCode.Forbidden => RefusalKind.NotAllowed,
        HttpStatusCode.NotFound => RefusalKind.Missing,
        HttpStatusCode.PreconditionFailed => RefusalKind.ConditionNotMet,
        _ => RefusalKind.Other,
    };
}
