using System.Net;

namespace Replicate.Adapters.Cloud;

/// <summary>What an answer other than the wanted one means.</summary>
internal enum RefusalKind
{
    /// <summary>Nothing that is told apart.</summary>
    Other,

    /// <summary>The object is missing, or its bucket.</summary>
    Missing,

    /// <summary>The object is missing from a bucket that is there.</summary>
    NoObject,

    /// <summary>The bucket is missing.</summary>
    NoBucket,

    /// <summary>The object is not as the condition of the request wants it.</summary>
    ConditionNotMet,

    /// <summary>The credentials are wrong or too old.</summary>
    BadCredentials,

    /// <summary>The credentials are right, but may not do this.</summary>
    NotAllowed,
}

/// <summary>A server's answer other than the wanted one.</summary>
/// <param name="Status">The status; 0 where there is none.</param>
/// <param name="Kind">What it means.</param>
/// <param name="IsBusy">Whether the same request may succeed a little later.</param>
/// <param name="Text">What a person reads of it, on one line.</param>
internal sealed record Refusal(HttpStatusCode Status, RefusalKind Kind, bool IsBusy, string Text)
{
    /// <summary>Whether a status says that the server can't just now.</summary>
    public static bool IsBusyStatus(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        || (status >= HttpStatusCode.InternalServerError && status != HttpStatusCode.NotImplemented);
}
