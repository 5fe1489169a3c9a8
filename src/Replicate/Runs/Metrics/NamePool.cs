namespace Replicate.Runs.Metrics;

/// <summary>Strings for names that come again on every line, made once.</summary>
internal sealed class NamePool
{
    private const int Size = 256;

    private readonly string?[] _names = new string?[Size];

    internal string Get(ReadOnlySpan<char> name)
    {
        ref var place = ref _names[(uint)string.GetHashCode(name) % Size];
        return place is not null && name.SequenceEqual(place) ? place : place = name.ToString();
    }
}
