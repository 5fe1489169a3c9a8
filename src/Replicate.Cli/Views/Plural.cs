namespace Replicate.Cli.Views;

/// <summary>Amounts of things.</summary>
internal static class Plural
{
    /// <summary>The amount as in <c>1 file</c> and <c>2 files</c>.</summary>
    public static string Of(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
