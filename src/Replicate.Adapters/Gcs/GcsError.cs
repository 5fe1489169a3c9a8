using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Gcs;

/// <summary>What an exception of Google's client means.</summary>
internal static class GcsError
{
    /// <summary>Whether to repeat a request that failed so.</summary>
    public static Failure Judge(Exception exception) => exception switch
    {
        GoogleApiException { HttpStatusCode: > 0 } answer => IsBusy(answer.HttpStatusCode) ? Failure.Busy : Failure.Final,
        TokenResponseException { StatusCode: { } status } => IsBusy(status) ? Failure.Busy : Failure.Final,
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => Failure.Unanswered,
        { InnerException: { } inner } => Judge(inner),
        _ => Failure.Final,
    };

    /// <summary>Whether the server answered with a status.</summary>
    public static bool Is(Exception? exception, HttpStatusCode status) =>
        exception is GoogleApiException answer && answer.HttpStatusCode == status;

    /// <summary>The error for a person; null for any other exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="verb">What was tried, as in <c>read</c>.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="endpoint">The server that was asked.</param>
    public static ReplicateException? From(Exception exception, string verb, string bucket, string endpoint) => exception switch
    {
        GoogleApiException { HttpStatusCode: HttpStatusCode.Unauthorized } or TokenResponseException => new ReplicateException(
            ErrorKind.PermissionDenied, "CredentialsRefused",
            $"Google refuses the credentials for the bucket '{bucket}': {Text(exception)}",
            "Check GOOGLE_APPLICATION_CREDENTIALS, or sign in again with: gcloud auth application-default login", exception),
        GoogleApiException { HttpStatusCode: HttpStatusCode.Forbidden } e => new ReplicateException(
            ErrorKind.PermissionDenied, "StoreAccessDenied",
            $"These credentials are not allowed to {verb} in the bucket '{bucket}': {Text(e)}",
            $"Give them the role Storage Object Admin on '{bucket}'.", e),
        GoogleApiException { HttpStatusCode: > 0 } e => new ReplicateException(
            ErrorKind.Unavailable, "StoreUnavailable",
            $"'{endpoint}' failed to {verb} in the bucket '{bucket}': {Text(e)}",
            "Try again later; if it stays so, ask whoever runs the server.", e),
        _ when Judge(exception) == Failure.Unanswered => new ReplicateException(
            ErrorKind.Unavailable, "StoreUnreachable",
            $"'{endpoint}' with the bucket '{bucket}' cannot be reached: {exception.GetBaseException().Message}",
            "Check the network, the proxy, and STORAGE_EMULATOR_HOST if it is set.", exception),
        InvalidOperationException or JsonException or ArgumentException => new ReplicateException(
            ErrorKind.PermissionDenied, "CredentialsNotFound",
            $"There are no credentials for the bucket '{bucket}': {exception.Message}",
            "Set GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_APPLICATION_CREDENTIALS_JSON, or sign in with: gcloud auth application-default login",
            exception),
        _ => null,
    };

    /// <summary>The error for a bucket that isn't there.</summary>
    public static ReplicateException NoBucket(string bucket, string endpoint, Exception? cause) => new(
        ErrorKind.NotFound, "BucketNotFound", $"There is no bucket '{bucket}' at '{endpoint}'.",
        "Check its name; the first experiment that is saved creates it.", cause);

    private static bool IsBusy(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        || (status >= HttpStatusCode.InternalServerError && status != HttpStatusCode.NotImplemented);

    private static string Text(Exception exception) => exception is GoogleApiException e
        ? $"{(int)e.HttpStatusCode} {(e.Error?.Message ?? e.Message).Split('\n', 2)[0].Trim()}"
        : exception.Message.Split('\n', 2)[0].Trim();
}
