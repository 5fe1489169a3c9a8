using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;

namespace Replicate.Adapters.S3;

/// <summary>
/// Amazon's client, which leaves repetition to <see cref="Cloud.Retry"/>, where it is known which request may already
/// have been carried out. Only for a clock that is off does it repeat a request itself.
/// </summary>
internal sealed class S3Client : AmazonS3Client
{
    private readonly RegionListener _listener;

    private S3Client(AWSCredentials credentials, AmazonS3Config config, RegionListener listener)
        : base(credentials, config) => _listener = listener;

    private S3Client(AmazonS3Config config, RegionListener listener)
        : base(config) => _listener = listener;

    /// <summary>The region that its requests are signed for.</summary>
    public required string Region { get; init; }

    /// <summary>The region that the server named when it refused a request for being in the wrong one; null if it did not.</summary>
    public string? OtherRegion => _listener.Region;

    /// <summary>A client for a region, with connections of its own.</summary>
    public static S3Client Create(S3Settings settings, string region)
    {
        var config = settings.ToConfig(region);
        var listener = new RegionListener();
        config.HttpClientFactory = new Connections(listener);
        return settings.Credentials is { } credentials
            ? new S3Client(credentials, config, listener) { Region = region }
            : new S3Client(config, listener) { Region = region };
    }

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new ClockCorrection(Config)));
    }

    private sealed class ClockCorrection(IClientConfig config) : StandardRetryPolicy(config)
    {
        public override bool RetryForException(IExecutionContext executionContext, Exception exception) => false;

        public override Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
            Task.FromResult(false);
    }

    private sealed class Connections(RegionListener listener) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(listener) { Timeout = Timeout.InfiniteTimeSpan };

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }

    /// <remarks>The client keeps to itself what the answer says of the region.</remarks>
    private sealed class RegionListener() : DelegatingHandler(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false,
    })
    {
        public string? Region { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect)
            {
                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                Region = answer.Headers.TryGetValues("x-amz-bucket-region", out var named) ? named.First()
                    : body.Split("<Region>", 2) is [_, var rest] ? rest.Split('<', 2)[0]
                    : Region;
            }

            return answer;
        }
    }
}
