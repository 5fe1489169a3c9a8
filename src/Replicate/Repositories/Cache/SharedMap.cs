namespace Replicate.Repositories.Cache;

/// <summary>A map that many experiments may have in common, such as hundreds of Python packages: packed and read once.</summary>
/// <remarks>Two are equal where their bytes are.</remarks>
internal sealed class SharedMap : IEquatable<SharedMap>
{
    /// <summary>The map without values.</summary>
    internal static readonly SharedMap Empty = new(ValueMap.Empty);

    private ValueMap? _map;

    /// <summary>Takes what is packed.</summary>
    internal SharedMap(ReadOnlyMemory<byte> packed) => Packed = packed;

    /// <summary>Packs a map.</summary>
    internal SharedMap(ValueMap map)
    {
        var writer = new PackedWriter();
        writer.Map(map);
        (Packed, _map) = (writer.Take(), map);
    }

    /// <summary>The map as <see cref="PackedWriter"/> writes it.</summary>
    internal ReadOnlyMemory<byte> Packed { get; }

    /// <summary>The map.</summary>
    internal ValueMap Map => _map ??= Read();

    /// <inheritdoc/>
    public bool Equals(SharedMap? other) =>
        other is not null && (ReferenceEquals(this, other) || Packed.Span.SequenceEqual(other.Packed.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SharedMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Packed.Span);
        return hash.ToHashCode();
    }

    private ValueMap Read() => new PackedReader(Packed.Span).Map();
}
