using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.Azure;

/// <summary>What an exception of Azure's clients means.</summary>
/// <param name="settings">What is known of the credentials.</param>
internal sealed class AzureError(AzureSettings settings) : CloudErrors
{
    // A request that is off by more is refused; less than this tells nothing.
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override CloudAdvice Advice { get; } = new(
        settings.Origin is { } variable ? $"Check {variable}: is it of this account, whole and still valid?"
            : "Sign in again with: az login. Check that it is the account's tenant, or the AZURE_ variables of the identity.",
        "Give them the role Storage Blob Data Contributor on the storage account '{0}', or a signature that allows it, and see that the "
            + "account's firewall lets this machine in.",
        "Sign in with: az login, or Connect-AzAccount; or set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.",
        "AZURE_STORAGE_BLOB_ENDPOINT");

    /// <inheritdoc/>
    public override Refusal? Read(Exception? exception) => exception switch
    {
        RequestFailedException { Status: > 0 } e => new Refusal(
            (HttpStatusCode)e.Status, KindOf(e), IsBusy(e), $"{e.Status} {e.ErrorCode}, {FirstLine(e.Message)}".Replace(" , ", " ", StringComparison.Ordinal)),
        AuthenticationFailedException and not CredentialUnavailableException when !IsUnanswered(exception) => new Refusal(
            0, RefusalKind.BadCredentials, false, FirstLine(exception.Message)),
        _ => null,
    };

    /// <inheritdoc/>
    public override ReplicateException? Explain(Exception exception, string verb, BucketUrl url, string server)
    {
        var code = (exception as RequestFailedException)?.ErrorCode ?? "";
        return exception switch
        {
            CredentialUnavailableException => new ReplicateException(
                ErrorKind.PermissionDenied, ErrorIds.CredentialsNotFound,
                $"There are no credentials for the {url.Place}: no variables, no managed identity, and nobody is signed in to Azure.",
                Advice.NoCredentials, exception),
            _ when settings.Endpoint is null && exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.HostNotFound } => new ReplicateException(
                ErrorKind.Unavailable, ErrorIds.StoreUnreachable,
                $"'{server}' cannot be found: there is no storage account '{url.Account}', or no network.",
                "Check the account's name in the URL, the network and the proxy; AZURE_AUTHORITY_HOST, if the account is in another cloud.", exception),
            RequestFailedException e when IsAboutTime(e) is { } skew => new ReplicateException(
                ErrorKind.PermissionDenied, "ClockWrong",
                $"'{server}' refuses the credentials for the {url.Place}: the clock of this machine is {Minutes(skew)} {(skew > TimeSpan.Zero ? "ahead" : "behind")}.",
                "Set the clock, or let the system do so over the network.", exception),
            RequestFailedException e when KindOf(e) == RefusalKind.BadCredentials && Expiry is { } expiry && expiry < DateTimeOffset.UtcNow => new ReplicateException(
                ErrorKind.PermissionDenied, ErrorIds.CredentialsRefused,
                string.Create(CultureInfo.InvariantCulture, $"The shared access signature for the {url.Place} expired at {expiry:u}."),
                $"Make a new one and set {settings.Origin}, or unset it and sign in with: az login", exception),
            RequestFailedException when code is "BlobImmutableDueToPolicy" or "ContainerProtectedFromDeletion" => new ReplicateException(
                ErrorKind.PermissionDenied, "StoreImmutable",
                $"The {url.Place} is immutable: nothing in it may be replaced or deleted before its time.",
                "Remove the policy or the legal hold from it, or keep the repository in another container.", exception),
            RequestFailedException when code == "BlobArchived" => new ReplicateException(
                ErrorKind.Unavailable, "StoreArchived",
                $"What is to be {(verb == "read" ? "read" : "written")} in the {url.Place} is in the archive tier.",
                "Bring it back to the hot or cool tier, which takes hours, and leave it there.", exception),
            RequestFailedException when code == "InvalidResourceName" => new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.InvalidBucketName, $"'{url.Bucket}' cannot be the name of a container.",
                "Use 3 to 63 lower-case letters, digits and single hyphens.", exception),
            _ => base.Explain(exception, verb, url, server),
        };
    }

    /// <inheritdoc/>
    protected override bool IsUnanswered(Exception exception) => exception switch
    {
        XmlException => true,
        RequestFailedException { Status: 0 } => true,
        { InnerException: { } inner } when exception is AuthenticationFailedException or AggregateException =>
            IsUnanswered(inner) || inner is RequestFailedException { Status: > 0 } e && IsBusy(e),
        _ => base.IsUnanswered(exception),
    };

    /// <inheritdoc/>
    protected override bool IsAboutCredentials(Exception exception) =>
        exception is AuthenticationFailedException or InvalidOperationException or ArgumentException;

    /// <summary>When the shared access signature expires; null where there is none, or it doesn't say so.</summary>
    private DateTimeOffset? Expiry => (settings.Sas ?? "").Split('&')
        .Where(part => part.StartsWith("se=", StringComparison.Ordinal))
        .Select(part => DateTimeOffset.TryParse(
            Uri.UnescapeDataString(part[3..]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : (DateTimeOffset?)null)
        .FirstOrDefault();

    private static TimeSpan? IsAboutTime(RequestFailedException e) =>
        KindOf(e) == RefusalKind.BadCredentials && e.GetRawResponse()?.Headers.Date is { } date
        && DateTimeOffset.UtcNow - date is var skew && skew.Duration() > LargestSkew ? skew : null;

    private static string Minutes(TimeSpan skew) => string.Create(CultureInfo.InvariantCulture, $"{skew.Duration().TotalMinutes:0} minutes");

    /// <remarks>Azurite names a wrong signature as the service names a firewall.</remarks>
    private static RefusalKind KindOf(RequestFailedException e) => KindOf(e.ErrorCode ?? "") is not RefusalKind.Other and var kind ? kind
        : e.Message.StartsWith("Server failed to authenticate", StringComparison.Ordinal) ? RefusalKind.BadCredentials
        : (HttpStatusCode)e.Status switch
        {
            HttpStatusCode.NotFound => RefusalKind.Missing,
            HttpStatusCode.Unauthorized => RefusalKind.BadCredentials,
            HttpStatusCode.Forbidden => RefusalKind.NotAllowed,
            _ => RefusalKind.Other,
        };

    /// <remarks>A lease is no condition, and a policy none either, though they have the status of one.</remarks>
    private static RefusalKind KindOf(string code) => code switch
    {
        "ContainerNotFound" or "ContainerBeingDeleted" => RefusalKind.NoBucket,
        "BlobNotFound" or "DirectoryIsNotEmpty" => RefusalKind.NoObject,
        "ConditionNotMet" or "BlobAlreadyExists" => RefusalKind.ConditionNotMet,
        "InvalidBlockList" => RefusalKind.ConditionNotMet, // Somebody else put the object meanwhile, which drops blocks.
        "AuthenticationFailed" or "NoAuthenticationInformation" or "InvalidAuthenticationInfo" => RefusalKind.BadCredentials,
        "LeaseIdMissing" or "LeaseIdMismatchWithBlobOperation" or "PublicAccessNotPermitted" => RefusalKind.NotAllowed,
        _ => RefusalKind.Other,
    };

    private static bool IsBusy(RequestFailedException e) =>
        Refusal.IsBusyStatus((HttpStatusCode)e.Status) || e.ErrorCode == BlobErrorCode.ContainerBeingDeleted;
}
