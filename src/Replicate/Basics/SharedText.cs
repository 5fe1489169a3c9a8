using System.Text;

namespace Replicate;

/// <summary>
/// Holds once what thousands of metadata files repeat: short texts, the names in their maps, their lists of packages.
/// Each is a table of fixed size in which the new displaces the old, so that it never grows; any thread may use it,
/// for a lost entry costs only memory.
/// </summary>
internal static class SharedText
{
    internal delegate ValueMap ReadMap(ReadOnlySpan<byte> json);

    private const int MaxLength = 128;

    private static readonly string?[] Texts = new string?[4096];
    private static readonly string[]?[] NameLists = new string[]?[1024];
    private static readonly PrimaryMetric?[] Metrics = new PrimaryMetric?[64];
    private static readonly Maps?[] MapsByJson = new Maps?[64];

    /// <summary>A text that others may share.</summary>
    internal static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> buffer = stackalloc char[MaxLength];
        var text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        ref var slot = ref Texts[(uint)string.GetHashCode(text) % (uint)Texts.Length];
        var shared = slot;
        return shared is not null && text.SequenceEqual(shared) ? shared : slot = text.ToString();
    }

    /// <summary>A list of names that maps may share.</summary>
    internal static string[] Names(ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
        {
            return [];
        }

        var hash = new HashCode();
        foreach (var name in names)
        {
            hash.Add(name);
        }

        ref var slot = ref NameLists[(uint)hash.ToHashCode() % (uint)NameLists.Length];
        var shared = slot;
        return shared is not null && names.SequenceEqual(shared) ? shared : slot = names.ToArray();
    }

    /// <summary>A primary metric that checkpoints may share.</summary>
    internal static PrimaryMetric Metric(string name, Goal goal)
    {
        ref var slot = ref Metrics[(uint)HashCode.Combine(name, goal) % (uint)Metrics.Length];
        var shared = slot;
        return shared is not null && shared.Name == name && shared.Goal == goal ? shared : slot = new PrimaryMetric(name, goal);
    }

    /// <summary>A map that files with the same JSON may share.</summary>
    internal static ValueMap Map(ReadOnlySpan<byte> json, ReadMap read)
    {
        var hash = new HashCode();
        hash.AddBytes(json);
        ref var slot = ref MapsByJson[(uint)hash.ToHashCode() % (uint)MapsByJson.Length];
        var shared = slot;
        if (shared is null || !json.SequenceEqual(shared.Json))
        {
            slot = shared = new Maps(json.ToArray(), read(json));
        }

        return shared.Map;
    }

    private sealed record Maps(byte[] Json, ValueMap Map);
}
