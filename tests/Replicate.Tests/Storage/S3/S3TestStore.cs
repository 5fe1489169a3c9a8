using Replicate.Adapters.S3;

namespace Replicate.Tests.Storage.S3;

/// <summary>Stores of tests, each in a place of its own.</summary>
internal static class S3TestStore
{
    /// <summary>A new name of a bucket.</summary>
    public static string NewBucket() => $"test-{Guid.NewGuid():n}";

    /// <summary>A store in a new bucket.</summary>
    public static S3Store New(S3Settings settings, string? root = null) =>
        new($"s3://{NewBucket()}{(root is null ? "" : "/" + root)}", settings);
}
