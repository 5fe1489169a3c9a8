namespace Replicate;

/// <summary>How an id is shown where space is scarce.</summary>
internal static class ShortIds
{
    /// <summary>How many characters are shown.</summary>
    internal const int Length = 7;

    internal static string Of(string id) => id.Length <= Length ? id : id[..Length];
}
