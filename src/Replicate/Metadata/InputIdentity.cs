namespace Replicate.Metadata;

/// <summary>What tells the inputs of runs from one another, for people.</summary>
internal static class InputIdentity
{
    private const int ShortDigest = 12;

    /// <summary>The inputs by their names, each as in <c>38 MB, SHA-256 1f3a5c7e9b20</c>.</summary>
    /// <param name="inputs">What was recorded, see docs/FORMAT.md.</param>
    internal static ValueMap Of(ValueMap inputs) => Value.MapFrom(inputs.ToDictionary(input => input.Key, input => (object?)TextOf(input.Value)));

    private static string TextOf(object? value) =>
        value is not ValueMap recorded ? Value.ToText(value)
        : (recorded["size"] is long size and >= 0 ? Amounts.Bytes(size) + ", " : "")
            + (recorded["sha256"] is string { Length: >= ShortDigest } sha256 ? $"SHA-256 {sha256[..ShortDigest]}" : $"version {Value.ToText(recorded["version"])}");
}
