using System.Globalization;
using System.Runtime.InteropServices;

namespace Replicate.Repositories.Cache;

/// <summary>
/// Tells which packed experiments may have an id, of their own or of a checkpoint, that begins with one of several texts. What
/// it lets through is to be looked at: it knows the first digits only.
/// </summary>
internal sealed class IdPrefixFilter
{
    private const int MostDigits = 16;
    private const int BitsOfDigit = 4;

    private readonly Beginning[] _beginnings;

    private IdPrefixFilter(IEnumerable<string> beginnings) => _beginnings = [.. beginnings.Select(Read).OfType<Beginning>()];

    /// <summary>The filter for what is looked for; null where that is empty and nothing is left out.</summary>
    /// <param name="prefix">What an id begins with, in any case.</param>
    /// <param name="experiments">The ids of experiments that are needed as well.</param>
    internal static IdPrefixFilter? For(string prefix, params IEnumerable<string> experiments) =>
        prefix.Length == 0 ? null : new IdPrefixFilter(experiments.Prepend(prefix));

    /// <summary>The first digits of all ids of an experiment; nothing where one of them has another form.</summary>
    internal static ReadOnlyMemory<byte> DigitsOf(ExperimentMetadata experiment)
    {
        var bytes = new byte[sizeof(ulong) * (1 + experiment.Checkpoints.Count)];
        var digits = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        for (var i = 0; i < digits.Length; i++)
        {
            if ((i == 0 ? PackedId.TryPack(experiment.Id) : experiment.Checkpoints[i - 1].PackedId) is not { } id)
            {
                return default;
            }

            digits[i] = id.First;
        }

        return bytes;
    }

    /// <summary>Whether one of an experiment's ids may begin so.</summary>
    internal bool MayMatch(PackedExperiment experiment)
    {
        if (experiment.IdDigits.IsEmpty)
        {
            return true;
        }

        foreach (var digits in MemoryMarshal.Cast<byte, ulong>(experiment.IdDigits.Span))
        {
            foreach (var beginning in _beginnings)
            {
                if (digits >> beginning.Shift == beginning.Bits)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Null where no id of digits begins so.</summary>
    private static Beginning? Read(string beginning)
    {
        var first = beginning.AsSpan(0, Math.Min(beginning.Length, MostDigits));
        return ulong.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? new Beginning(bits, (MostDigits - first.Length) * BitsOfDigit)
            : null;
    }

    /// <summary>The first digits, and how far those of an id are shifted to compare.</summary>
    private sealed record Beginning(ulong Bits, int Shift);
}
