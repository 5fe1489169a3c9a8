using System.Globalization;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Reads the numbers of a CSV file, whose comma may stand for the decimal point. It does in a file that isn't separated by
/// commas; in quotes it does where no group of three digits follows, where it did before in the file, or where the culture
/// has it so; otherwise it parts thousands.
/// </summary>
internal sealed class CsvNumber
{
    private readonly string _decimalSign = CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator;
    private bool _isComma;

    /// <summary>Begins another file.</summary>
    /// <param name="separator">What separates its columns.</param>
    internal void Begin(char separator) => _isComma = separator != ',' || _decimalSign == ",";

    /// <summary>Whether a whole cell is a number; a percent sign behind it leaves it as it is.</summary>
    internal bool IsNumber(string cell, out double value)
    {
        cell = cell.EndsWith('%') ? cell[..^1].TrimEnd() : cell;
        var comma = cell.LastIndexOf(',');
        return comma < 0 ? NumberScan.IsWhole(cell, out value) : NumberScan.IsWhole(WithPoint(cell, comma), out value);
    }

    /// <summary>The text with a point where the comma is one, and without the signs between thousands.</summary>
    private string WithPoint(string cell, int comma)
    {
        var point = cell.LastIndexOf('.');
        if (point > comma)
        {
            return IsGrouped(cell, ',', point) ? cell.Replace(",", "", StringComparison.Ordinal) : cell;
        }

        if (cell.IndexOf(',') != comma)
        {
            return IsGrouped(cell, ',', cell.Length) ? cell.Replace(",", "", StringComparison.Ordinal) : cell;
        }

        if (point >= 0)
        {
            _isComma = true;
            return IsGrouped(cell, '.', comma) ? cell.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : cell;
        }

        var isGroup = IsGrouped(cell, ',', cell.Length) && cell.TrimStart('-', '+')[0] != '0';
        _isComma |= !isGroup;
        return _isComma ? cell.Replace(',', '.') : cell.Replace(",", "", StringComparison.Ordinal);
    }

    /// <summary>Whether three digits follow each sign before a place, one to three stand before the first.</summary>
    private static bool IsGrouped(string cell, char sign, int end)
    {
        var start = cell.Length > 0 && cell[0] is '-' or '+' ? 1 : 0;
        var groups = cell[start..end].Split(sign);
        for (var i = 0; i < groups.Length; i++)
        {
            if (!groups[i].All(char.IsAsciiDigit) || (i == 0 ? groups[i].Length is < 1 or > 3 : groups[i].Length != 3))
            {
                return false;
            }
        }

        return true;
    }
}
