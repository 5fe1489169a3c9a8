namespace Replicate.Stores;

/// <summary>The URLs of repositories: <c>file://path</c>, <c>s3://bucket[/root]</c>, <c>gs://bucket[/root]</c>.</summary>
public static class StoreUrl
{
    /// <summary>Brings a URL to its absolute form, without a trailing slash.</summary>
    /// <param name="url">The URL as a person wrote it.</param>
    /// <param name="projectDirectory">What a relative <c>file://</c> path is relative to; absolute.</param>
    /// <exception cref="ReplicateException">No scheme, or another (<c>UnknownScheme</c>).</exception>
    public static string Normalize(string url, string projectDirectory) => throw new NotImplementedException();

    /// <summary>The directory of an absolute <c>file://</c> URL; null for another scheme.</summary>
    public static string? ToDirectory(string url) => throw new NotImplementedException();

    /// <summary>Opens the store of an absolute URL, without reading or creating anything.</summary>
    public static IObjectStore Open(string url) => throw new NotImplementedException();
}
