using System.Security.Cryptography;

namespace Replicate.Runs;

/// <summary>Makes ids of experiments and checkpoints.</summary>
internal static class Ids
{
    /// <summary>64 lower-case hex digits from a cryptographic random source.</summary>
    internal static string New() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32)).ToLowerInvariant();
}
