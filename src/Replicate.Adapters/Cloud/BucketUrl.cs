namespace Replicate.Adapters.Cloud;

/// <summary>An <c>s3://</c> or <c>gs://</c> URL taken apart.</summary>
/// <param name="Url">The URL.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What the names of all objects begin with: empty, or the root with a slash at its end.</param>
internal sealed record BucketUrl(string Url, string Bucket, string Prefix)
{
    /// <summary>Takes a URL apart.</summary>
    public static BucketUrl Parse(string url)
    {
        var parts = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/', 2);
        var root = parts.Length == 1 ? "" : parts[1].Trim('/');
        return new BucketUrl(url, parts[0], root.Length == 0 ? "" : root + "/");
    }

    /// <summary>The name in the bucket of a key.</summary>
    public string ToName(string key) => key is not ("" or ['/', ..]) ? Prefix + key : throw new ReplicateException(
        ErrorKind.InvalidArgument, "InvalidKey",
        $"'{key}' cannot be the key of an object in '{Url}'.",
        "Use a name that is not empty and does not begin with a slash.");

    /// <summary>The key of a name in the bucket.</summary>
    public string ToKey(string name) => name[Prefix.Length..];
}
