using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Replicate.Recording.Secrets;

namespace Replicate.Recording.Output;

/// <summary>
/// Masks the lines of one stream of output, one after the other; a private key, too, which goes over several. A line that differs only in its
/// digits from one without secrets has none, but for those known by their values: what a training prints is mostly such lines.
/// </summary>
/// <param name="mask">The mask.</param>
/// <param name="found">Gets the names of what was masked, up to some.</param>
internal sealed class LogMask(SecretMask mask, ICollection<string> found)
{
    private const string KeyBegin = "-----BEGIN ";
    private const string KeyEnd = "-----END ";
    private const int MostFound = 64;
    private const int LongestKey = 200;
    private const int MostShapes = 1 << 16;

    private readonly HashSet<ulong> _harmless = [];
    private int _linesOfKey;

    /// <summary>Writes a line without secrets, as UTF-8.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isOpen">Whether it may still change, and is masked again then.</param>
    /// <param name="target">Gets it.</param>
    internal void Write(ReadOnlySpan<byte> line, bool isOpen, IBufferWriter<byte> target)
    {
        var shape = LineShape.Of(line);
        if (_linesOfKey == 0 && _harmless.Contains(shape) && !mask.HasValueIn(line))
        {
            target.Write(line);
            return;
        }

        var text = Encoding.UTF8.GetString(line);
        var masked = Apply(text, isOpen);
        if (ReferenceEquals(masked, text) && Utf8.IsValid(line))
        {
            if (_harmless.Count == MostShapes)
            {
                _harmless.Clear();
            }

            _harmless.Add(shape);
        }

        Encoding.UTF8.GetBytes(masked, target);
    }

    private string Apply(string line, bool isOpen)
    {
        if (_linesOfKey > 0)
        {
            var isEnd = line.Contains(KeyEnd, StringComparison.Ordinal);
            _linesOfKey = isOpen ? _linesOfKey : isEnd ? 0 : _linesOfKey - 1;
            return SecretMask.Mask;
        }

        if (!isOpen && line.Contains(KeyBegin, StringComparison.Ordinal) && line.Contains("PRIVATE KEY", StringComparison.Ordinal)
            && !line.Contains(KeyEnd, StringComparison.Ordinal))
        {
            _linesOfKey = LongestKey;
        }

        return mask.Apply(line, found.Count < MostFound ? found : null);
    }
}
