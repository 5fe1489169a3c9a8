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
    private S3Client(AWSCredentials credentials, AmazonS3Config config)
        : base(credentials, config)
    {
    }

    private S3Client(AmazonS3Config config)
        : base(config)
    {
    }

    /// <summary>A client for a region, with connections of its own.</summary>
    public static S3Client Create(S3Settings settings, string region)
    {
        var config = settings.ToConfig(region);
        config.HttpClientFactory = new Connections();
        return settings.Credentials is { } credentials ? new S3Client(credentials, config) : new S3Client(config);
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

    private sealed class Connections : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
