namespace Replicate.Adapters.Cloud;

/// <summary>An <c>s3://</c>, <c>gs://</c> or <c>az://</c> URL taken apart.</summary>
/// <param name="Url">The URL.</param>
/// <param name="Account">The storage account that has the container; null in clouds whose buckets need none.</param>
/// <param name="Bucket">The bucket, or the container.</param>
/// <param name="Prefix">What the names of all objects begin with: empty, or the root with a slash at its end.</param>
internal sealed record BucketUrl(string Url, string? Account, string Bucket, string Prefix)
{
    /// <summary>What a person reads of it within a sentence.</summary>
    public string Place => Account is null ? $"bucket '{Bucket}'" : $"container '{Bucket}' of the storage account '{Account}'";

    /// <summary>Takes <c>scheme://bucket[/root]</c> apart.</summary>
    public static BucketUrl Parse(string url)
    {
        var parts = AfterScheme(url).Split('/', 2);
        return new BucketUrl(url, null, parts[0], PrefixOf(parts.ElementAtOrDefault(1)));
    }

    /// <summary>Takes <c>scheme://account/container[/root]</c> apart.</summary>
    public static BucketUrl ParseWithAccount(string url)
    {
        var parts = AfterScheme(url).Split('/', 3);
        return new BucketUrl(url, parts[0], parts[1], PrefixOf(parts.ElementAtOrDefault(2)));
    }

    /// <summary>The name in the bucket of a key.</summary>
    /// <exception cref="ReplicateException">The key is none (<c>InvalidKey</c>).</exception>
    public string ToName(string key) => Array.TrueForAll(key.Split('/'), IsName) ? Prefix + key : throw new ReplicateException(
        ErrorKind.InvalidArgument, ErrorIds.InvalidKey,
        $"'{key}' cannot be the key of an object in '{Url}'.",
        "Use names that a file can have, with / between them.");

    /// <summary>The key of a name in the bucket.</summary>
    public string ToKey(string name) => name[Prefix.Length..];

    private static string AfterScheme(string url) => url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];

    private static string PrefixOf(string? root) => root?.Trim('/') is { Length: > 0 } path ? path + "/" : "";

    private static bool IsName(string part) => part is not ("" or "." or "..") && !part.Any(char.IsControl);
}
