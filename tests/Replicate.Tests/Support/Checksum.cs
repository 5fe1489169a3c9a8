using System.Security.Cryptography;

namespace Replicate.Tests.Support;

/// <summary>Checksums as they are recorded.</summary>
internal static class Checksum
{
    /// <summary>The SHA-256 of a file in lower-case hex digits.</summary>
    public static string OfFile(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))).ToLowerInvariant();
}
