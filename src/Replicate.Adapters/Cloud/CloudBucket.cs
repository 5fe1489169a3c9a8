namespace Replicate.Adapters.Cloud;

/// <summary>A bucket with a connection to it: repeats requests, creates the bucket where it is missing, and tells errors.</summary>
/// <typeparam name="TClient">The cloud's client.</typeparam>
/// <param name="url">The URL.</param>
/// <param name="server">The server, as a person reads it.</param>
/// <param name="errors">What the client's exceptions mean.</param>
internal abstract class CloudBucket<TClient>(BucketUrl url, string server, CloudErrors errors)
{
    private bool _exists;

    /// <summary>The URL taken apart.</summary>
    public BucketUrl Url => url;

    /// <summary>The bucket's name.</summary>
    public string Name => url.Bucket;

    /// <summary>What the client's exceptions mean.</summary>
    public CloudErrors Errors => errors;

    /// <summary>The server, as a person reads it.</summary>
    protected string Server => server;

    /// <summary>Sends a request as often as it takes.</summary>
    /// <param name="verb">What it does, as in <c>read</c>.</param>
    /// <param name="request">The request; it may run several times.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<T> RunAsync<T>(string verb, Func<TClient, Attempt, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await Retry.RunAsync(server, attempt => SendAsync(request, attempt), errors.Judge, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && errors.Explain(e, verb, url, server) is { } error)
        {
            if (error.Kind == ErrorKind.PermissionDenied)
            {
                Reconnect();
            }

            throw error;
        }
    }

    /// <summary>Sends a request; null when the object is missing from a bucket that is there.</summary>
    public async Task<T?> FindAsync<T>(string verb, Func<TClient, Attempt, Task<T?>> request, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var found = await RunAsync(verb, request, cancellationToken);
            _exists = true;
            return found;
        }
        catch (ReplicateException e) when (errors.ReadCause(e) is { Kind: RefusalKind.Missing or RefusalKind.NoObject } missing)
        {
            _exists |= missing.Kind == RefusalKind.NoObject;
            return _exists || await ExistsAsync(cancellationToken) ? null : throw CloudErrors.NoBucket(url, server, e.InnerException);
        }
    }

    /// <summary>Makes sure that the bucket is there, before something is written.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_exists && !await ExistsAsync(cancellationToken))
        {
            await CreateAsync(cancellationToken);
            _exists = true;
        }
    }

    /// <summary>Sends a request once, over a connection that is made where there is none.</summary>
    protected abstract Task<T> SendAsync<T>(Func<TClient, Attempt, Task<T>> request, Attempt attempt);

    /// <summary>Whether the bucket is there: lists, because more roles may do that than look at a bucket.</summary>
    protected abstract Task<bool> LookAsync(TClient client, CancellationToken cancellationToken);

    /// <summary>Creates the bucket; that somebody else was faster is no error.</summary>
    protected abstract Task CreateAsync(CancellationToken cancellationToken);

    /// <summary>Gives the connection up after a request was not permitted.</summary>
    protected virtual void Reconnect()
    {
    }

    /// <remarks>Who may not list may still be allowed to write: then the write tells.</remarks>
    private Task<bool> ExistsAsync(CancellationToken cancellationToken) => RunAsync("look", async (client, attempt) =>
    {
        try
        {
            return _exists = await LookAsync(client, attempt.Token);
        }
        catch (Exception e) when (errors.Read(e) is { Kind: RefusalKind.NotAllowed })
        {
            return _exists = true;
        }
    }, cancellationToken);
}
