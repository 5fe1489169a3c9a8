using System.Security.Cryptography;

namespace Replicate.Storage.Disk;

/// <summary>How keys and files of a directory correspond, and which files are the store's own.</summary>
internal static class DiskKey
{
    public const string LockName = ".lock";

    private const string TemporaryExtension = ".tmp";
    private const int TemporaryDigits = 16;

    private static readonly char[] Reserved = Path.GetInvalidFileNameChars();

    /// <summary>The path of an object, which never leads out of the directory.</summary>
    /// <exception cref="ReplicateException">The key is none (<c>InvalidKey</c>).</exception>
    public static string ToPath(string directory, string key)
    {
        if (!IsKey(key))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.InvalidKey,
                $"'{key}' cannot be the key of an object in '{directory}'.",
                "Use names that a file can have, with / between them.");
        }

        return Path.Combine(directory, Native(key));
    }

    /// <summary>Whether a text can be the key of an object: names that a file can have, with <c>/</c> between them.</summary>
    public static bool IsKey(string text) => text != LockName && Array.TrueForAll(text.Split('/'), IsName);

    /// <summary>A new name beside a path; it does not grow with the name, which may be as long as the system allows.</summary>
    public static string TemporaryBeside(string path) => Path.Combine(
        Path.GetDirectoryName(path)!, $".{RandomNumberGenerator.GetHexString(TemporaryDigits, lowercase: true)}{TemporaryExtension}");

    /// <summary>Whether a file name is one of <see cref="TemporaryBeside"/>.</summary>
    public static bool IsTemporary(ReadOnlySpan<char> name) =>
        name.Length == 1 + TemporaryDigits + TemporaryExtension.Length
        && name[0] == '.' && name.EndsWith(TemporaryExtension, StringComparison.Ordinal);

    public static string Native(string key) => key.Replace('/', Path.DirectorySeparatorChar);

    /// <remarks>Windows drops dots and spaces at the end of a name, so two keys would be one file.</remarks>
    private static bool IsName(string part) =>
        part is not ("" or "." or "..") && !part.AsSpan().ContainsAny(Reserved) && !IsTemporary(part)
        && !(OperatingSystem.IsWindows() && part[^1] is '.' or ' ');
}
