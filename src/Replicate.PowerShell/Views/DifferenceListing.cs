using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Replicate.PowerShell.Views;

/// <summary>What differences that are emitted together have in common: how wide the column of each side is.</summary>
internal sealed class DifferenceListing
{
    // A date fits into the columns of a few; of many, more sides are worth more than more of each.
    private const int Few = 3;
    private const int WidthOfFew = 20;
    private const int WidthOfMany = 14;
    private const string Gap = "  ";

    private static readonly ConditionalWeakTable<Difference, DifferenceListing> Listings = [];

    private readonly int[] _widths;

    private DifferenceListing(IReadOnlyList<Difference> differences)
    {
        var sides = differences[0].Values.Count;
        var most = sides <= Few ? WidthOfFew : WidthOfMany;
        _widths = [.. Enumerable.Range(0, sides).Select(side => differences.Max(difference => Math.Min(most, Display.Side(difference, side).Length)))];
    }

    /// <summary>The listing that a difference was emitted with; one of its own where it wasn't.</summary>
    internal static DifferenceListing Of(Difference difference) =>
        Listings.TryGetValue(difference, out var listing) ? listing : new([difference]);

    /// <summary>Differences ready for the pipeline.</summary>
    internal static IEnumerable<PSObject> Show(IReadOnlyList<Difference> differences)
    {
        var listing = differences.Count == 0 ? null : new DifferenceListing(differences);
        foreach (var difference in differences)
        {
            var shown = new PSObject(Shown.Of(difference));
            if (difference.Values.Count > 2)
            {
                Listings.AddOrUpdate(difference, listing!);
                shown.TypeNames.Insert(0, "Replicate.Difference#Many");
            }
            else if (difference is FileDifference)
            {
                shown.TypeNames.Insert(0, "Replicate.FileDifference#Two");
            }

            yield return shown;
        }
    }

    /// <summary>The values of a difference, one below the other with those of the other differences.</summary>
    internal string RowOf(Difference difference) => string.Join(Gap, _widths.Select((width, side) => Cell(Display.Side(difference, side), width))).TrimEnd();

    private static string Cell(string text, int width) => text.Length <= width ? text.PadRight(width) : text[..(width - 1)] + "…";
}
