using System.Globalization;

namespace Replicate;

/// <summary>Amounts of things as a person reads them.</summary>
internal static class Amounts
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A size as in <c>812 bytes</c>, <c>1.2 kB</c> or <c>38 MB</c>, in steps of 1000.</summary>
    /// <param name="count">The bytes, 0 or more.</param>
    public static string Bytes(double count)
    {
        if (count < 1000)
        {
            return Of((long)count, "byte");
        }

        var unit = -1;
        do
        {
            count /= 1000;
            unit++;
        }
        while (count >= 999.5 && unit < Units.Length - 1);

        return string.Create(CultureInfo.InvariantCulture, $"{count.ToString(count < 9.95 ? "F1" : "F0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    /// <summary>The amount as in <c>1 file</c> and <c>2,000 files</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">What one of them is called.</param>
    public static string Of(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
