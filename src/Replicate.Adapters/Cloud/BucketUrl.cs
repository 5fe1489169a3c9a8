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
    /// <exception cref="ReplicateException">The key is none (<c>InvalidKey</c>).</exception>
    public string ToName(string key) => Array.TrueForAll(key.Split('/'), IsName) ? Prefix + key : throw new ReplicateException(
        ErrorKind.InvalidArgument, "InvalidKey",
        $"'{key}' cannot be the key of an object in '{Url}'.",
        "Use names that a file can have, with / between them.");

    /// <summary>The key of a name in the bucket.</summary>
    public string ToKey(string name) => name[Prefix.Length..];

    private static bool IsName(string part) => part is not ("" or "." or "..") && !part.Any(char.IsControl);
}
