using System.Text;

namespace Replicate.Adapters.Cloud;

/// <summary>The keys between two others, both excluded, in the order of their UTF-8, which is that of a bucket.</summary>
/// <param name="After">Only keys after this one; null for no such bound.</param>
/// <param name="Before">Only keys before this one; null for no such bound.</param>
internal sealed record KeyRange(string? After, string? Before)
{
    /// <summary>Whether a key is among them.</summary>
    public bool Contains(string key) => !IsBehind(key) && (After is null || Compare(key, After) > 0);

    /// <summary>Whether a key, and all after it, come too late.</summary>
    public bool IsBehind(string key) => Before is not null && Compare(key, Before) >= 0;

    private static int Compare(string x, string y) =>
        Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
}
