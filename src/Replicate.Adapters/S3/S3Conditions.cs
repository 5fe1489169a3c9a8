using System.Net;
using Amazon.S3;
using Replicate.Adapters.Cloud;
using Replicate.Storage;

namespace Replicate.Adapters.S3;

/// <summary>Sends the request that puts an object in place, with the headers of its condition, and returns the version.</summary>
internal delegate Task<string> SendConditionally(AmazonS3Client client, Attempt attempt, string? ifMatch, string? ifNoneMatch);

/// <summary>Puts objects on a condition, the best way that the server knows. It is found out once.</summary>
internal sealed class S3Conditions(S3Bucket bucket, S3Store store)
{
    private volatile Form _form = Form.Quoted;
    private int _told;

    private enum Form
    {
        /// <summary>As the standard has it.</summary>
        Quoted,

        /// <summary>Ceph before release 18 compares the text of <c>If-Match</c> with the etag and never strips quotes.</summary>
        Bare,

        /// <summary>The server has no conditions.</summary>
        None,
    }

    /// <summary>Puts an object; null when the condition was not met.</summary>
    /// <param name="target">Where to, on what condition.</param>
    /// <param name="content">The content, by which a write whose answer was lost is known again; null for a large one.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<string?> PutAsync(
        PutTarget target, ReadOnlyMemory<byte>? content, SendConditionally send, CancellationToken cancellationToken)
    {
        while (true)
        {
            var form = _form;
            if (target.Condition == PutCondition.None || (form == Form.None && await IsMetAsync(target, cancellationToken)))
            {
                return await bucket.RunAsync("write", (client, attempt) => send(client, attempt, null, null), cancellationToken);
            }

            if (form == Form.None)
            {
                return null;
            }

            var tries = 0;
            try
            {
                var ifMatch = form == Form.Bare ? target.Condition.Version
                    : target.Condition.Version is { } version ? $"\"{version}\"" : null;
                return await bucket.RunAsync(
                    "write",
                    (client, attempt) =>
                    {
                        tries = attempt.Number;
                        return send(client, attempt, ifMatch, target.Condition.MustBeAbsent ? "*" : null);
                    },
                    cancellationToken);
            }
            catch (ReplicateException e) when (bucket.Errors.ReadCause(e) is { Status: HttpStatusCode.NotImplemented })
            {
                GoOnWithout();
            }
            catch (ReplicateException e) when (bucket.Errors.ReadCause(e) is
                { Kind: RefusalKind.ConditionNotMet or RefusalKind.NoObject or RefusalKind.Missing })
            {
                if (tries > 1 && content is { } sent && await store.FindSameAsync(target.Key, sent, cancellationToken) is { } done)
                {
                    return done; // By an earlier try, whose answer was lost.
                }

                if (target.Condition.MustBeAbsent || !await IsMetAsync(target, cancellationToken))
                {
                    return null;
                }

                if (form == Form.Quoted)
                {
                    _form = Form.Bare;
                }
                else
                {
                    GoOnWithout();
                }
            }
        }
    }

    private async Task<bool> IsMetAsync(PutTarget target, CancellationToken cancellationToken) =>
        (await store.StatAsync(target.Key, cancellationToken))?.Version == target.Condition.Version;

    private void GoOnWithout()
    {
        _form = Form.None;
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            Log.Verbose(
                $"The server of the bucket '{bucket.Name}' has no conditional writes: of what two processes write to one "
                + "experiment at the same moment, one part may be lost.");
        }
    }
}
