namespace Replicate.Storage;

/// <summary>The URLs of repositories: <c>file://path</c>, <c>s3://bucket[/root]</c>, <c>gs://bucket[/root]</c>,
/// <c>az://account/container[/root]</c>.</summary>
/// <remarks>Nothing in them is percent-encoded: a path is what the file system says.</remarks>
internal static class StoreUrl
{
    private const string Disk = "file://";

    /// <summary>Brings a URL to its absolute form, without a trailing slash.</summary>
    /// <param name="url">The URL as a person wrote it.</param>
    /// <param name="projectDirectory">What a relative <c>file://</c> path is relative to; absolute.</param>
    /// <exception cref="ReplicateException">
    /// No scheme, or another (<c>UnknownScheme</c>); no path or bucket (<c>InvalidRepositoryUrl</c>); a name and password
    /// in the URL (<c>CredentialsInUrl</c>).
    /// </exception>
    public static string Normalize(string url, string projectDirectory)
    {
        var separator = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : url[..separator].ToLowerInvariant();
        var place = separator < 0 ? url : url[(separator + 3)..];
        return scheme switch
        {
            "file" => OfDirectory(NormalizePath(place, projectDirectory)),
            "s3" or "gs" => $"{scheme}://{NormalizeBucket(place, scheme)}",
            "az" => $"az://{NormalizeContainer(place)}",
            _ => throw UnknownScheme(scheme, place),
        };
    }

    /// <summary>The directory of an absolute <c>file://</c> URL; null for another scheme.</summary>
    public static string? ToDirectory(string url) =>
        url.StartsWith(Disk, StringComparison.Ordinal) ? Path.GetFullPath(LocalPath(url[Disk.Length..])) : null;

    /// <summary>The URL of an absolute path: <c>file:///home/ben/iris</c>, <c>file:///C:/iris</c>.</summary>
    internal static string OfDirectory(string directory)
    {
        var path = OperatingSystem.IsWindows() ? directory.Replace('\\', '/') : directory;
        return path.StartsWith('/') ? Disk + path : $"{Disk}/{path}";
    }

    private static string NormalizePath(string place, string projectDirectory)
    {
        if (place.Length == 0 || place.Contains('\0'))
        {
            throw Invalid("The repository 'file://' names no directory.", "Say where, such as file://.replicate.");
        }

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(LocalPath(place), projectDirectory));
    }

    /// <summary>On Windows <c>/C:/x</c> is <c>C:/x</c>.</summary>
    private static string LocalPath(string place) =>
        OperatingSystem.IsWindows() && place is ['/', _, ':', ..] ? place[1..] : place;

    private static string NormalizeBucket(string place, string scheme)
    {
        var slash = place.IndexOf('/');
        var bucket = slash < 0 ? place : place[..slash];
        if (bucket.AsSpan().ContainsAny('@', ':'))
        {
            throw CredentialsInUrl(scheme, "a bucket before its first slash", "bucket/root");
        }

        if (bucket.Length == 0)
        {
            throw Invalid($"The repository '{scheme}://{place}' names no bucket.", $"Write {scheme}://bucket or {scheme}://bucket/root.");
        }

        return place.TrimEnd('/');
    }

    /// <remarks>The account becomes a part of the name of a server, which is told who asks: it must not be able to name another.</remarks>
    private static string NormalizeContainer(string place)
    {
        var parts = place.TrimEnd('/').Split('/', 3);
        var container = parts.Length > 1 ? parts[1] : "";
        if (place.Contains('?') || parts[0].AsSpan().ContainsAny('@', ':') || container.AsSpan().ContainsAny('@', ':'))
        {
            throw CredentialsInUrl("az", "account, container and root", "account/container/root");
        }

        if (parts[0].Length == 0 || container.Length == 0)
        {
            throw Invalid($"The repository 'az://{place}' does not name an account and a container.", "Write az://account/container or az://account/container/root.");
        }

        return parts[0].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) ? string.Join('/', parts) : throw Invalid(
            $"'{parts[0]}' cannot be the name of a storage account.",
            "Write its name alone, of lower-case letters and digits, as in az://account/container; AZURE_STORAGE_BLOB_ENDPOINT names another server.");
    }

    private static ReplicateException CredentialsInUrl(string scheme, string expected, string form) => new(
        ErrorKind.InvalidArgument, "CredentialsInUrl",
        $"The {scheme}:// URL of the repository holds something other than {expected}, perhaps a secret.",
        $"Write {scheme}://{form}, and give credentials by the environment or the profile of the cloud's own tools.");

    private static ReplicateException Invalid(string message, string action) =>
        new(ErrorKind.InvalidArgument, "InvalidRepositoryUrl", message, action);

    private static ReplicateException UnknownScheme(string scheme, string place) => new(
        ErrorKind.InvalidArgument, "UnknownScheme",
        scheme.Length > 0 ? $"A repository cannot have the scheme '{scheme}://'."
            : place.Contains('@') ? "The repository has no scheme."
            : $"The repository '{place}' has no scheme.",
        "Begin it with file://, s3://, gs:// or az://, such as file://path, s3://bucket/root, gs://bucket/root or az://account/container/root.");
}
