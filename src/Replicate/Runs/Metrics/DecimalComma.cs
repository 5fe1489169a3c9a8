using System.Globalization;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Whether a program writes a comma as decimal point, as <c>0,125</c>. The culture of the session gives the first guess; what is
/// printed decides from then on.
/// </summary>
internal sealed class DecimalComma
{
    /// <summary>Whether <c>1,250</c>, which may be a thousand and more, is one and a quarter.</summary>
    internal bool IsUsed { get; private set; } = CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator == ",";

    /// <summary>A number with a decimal point was read.</summary>
    internal void SawPoint() => IsUsed = false;

    /// <summary>A number was read whose comma can be nothing else than a decimal point.</summary>
    internal void SawComma() => IsUsed = true;
}
