namespace Replicate.Charts.Writing;

/// <summary>Colours that people with any kind of colour vision tell apart, after Okabe and Ito, without yellow, which pales on white.</summary>
internal static class Palette
{
    private static readonly string[] Hex = ["#0072b2", "#d55e00", "#009e73", "#b5548f", "#e69f00", "#56b4e9", "#5f5f5f"];

    // Their neighbours among a terminal's 256 colours, of a brightness that shows on black and on white.
    private static readonly int[] Terminal = [32, 202, 36, 169, 214, 74, 246];

    private static readonly string[] Dashes = ["", "6 3", "2 2"];

    /// <summary>All colours as <c>#rrggbb</c>.</summary>
    internal static IReadOnlyList<string> Colors => Hex;

    /// <summary>The colour of a series as <c>#rrggbb</c>.</summary>
    internal static string HexOf(int series) => Hex[series % Hex.Length];

    /// <summary>The colour of a series as a number of a terminal's 256 colours.</summary>
    internal static int TerminalOf(int series) => Terminal[series % Terminal.Length];

    /// <summary>The dashes that tell series of one colour apart, as in SVG; empty for a full line.</summary>
    internal static string DashOf(int series) => Dashes[series / Hex.Length % Dashes.Length];
}
