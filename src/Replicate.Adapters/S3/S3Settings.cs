using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;

namespace Replicate.Adapters.S3;

/// <summary>What the environment says of access to S3. Stores with equal settings are the same store.</summary>
/// <param name="Endpoint">The URL of a compatible server; null for Amazon's.</param>
/// <param name="Region">The region; null to find it.</param>
/// <param name="Profile">The named profile; null for the default one.</param>
/// <param name="AccessKey">The access key; null to use the rest of the default credential chain.</param>
/// <param name="SecretKey">The secret key.</param>
/// <param name="SessionToken">The session token of temporary credentials.</param>
internal sealed record S3Settings(
    string? Endpoint, string? Region, string? Profile = null,
    string? AccessKey = null, string? SecretKey = null, string? SessionToken = null)
{
    /// <summary>The environment variables as they are now, completed by the profile they name.</summary>
    public static S3Settings FromEnvironment()
    {
        var name = Variable("AWS_PROFILE");
        new CredentialProfileStoreChain().TryGetProfile(name ?? "default", out var profile);
        return new S3Settings(
            Variable("AWS_ENDPOINT_URL_S3") ?? Variable("AWS_ENDPOINT_URL") ?? profile?.EndpointUrl,
            Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? profile?.Region?.SystemName,
            name, Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"), Variable("AWS_SESSION_TOKEN"));
    }

    /// <summary>Keys given outright; null to use the rest of the default credential chain.</summary>
    public AWSCredentials? Credentials =>
        AccessKey is null || SecretKey is null ? null
        : SessionToken is null ? new BasicAWSCredentials(AccessKey, SecretKey)
        : new SessionAWSCredentials(AccessKey, SecretKey, SessionToken);

    /// <summary>The client's settings for a region.</summary>
    public AmazonS3Config ToConfig(string region)
    {
        var config = new AmazonS3Config { RetryMode = RequestRetryMode.Standard, MaxErrorRetry = 1, Timeout = Timeout.InfiniteTimeSpan };
        if (Profile is not null)
        {
            config.Profile = new Profile(Profile);
        }

        if (Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
            return config;
        }

        config.ServiceURL = Endpoint;
        config.AuthenticationRegion = region;
        config.ForcePathStyle = true;

        // Many compatible servers refuse the checksums that Amazon's own adds everywhere.
        config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        return config;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
