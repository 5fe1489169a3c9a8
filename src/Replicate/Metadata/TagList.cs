using System.Collections;

namespace Replicate;

/// <summary>The tags of an experiment, in the order they were given, each once. It cannot be changed.</summary>
public sealed class TagList : IReadOnlyList<string>, IEquatable<TagList>
{
    /// <summary>No tags.</summary>
    public static readonly TagList Empty = new([]);

    private readonly string[] _tags;

    private TagList(string[] tags) => _tags = tags;

    /// <summary>How many tags there are.</summary>
    public int Count => _tags.Length;

    /// <summary>The tag at a position from 0.</summary>
    public string this[int index] => _tags[index];

    /// <summary>Takes tags, blanks around them and what comes twice left out.</summary>
    /// <exception cref="ReplicateException">A tag is empty or holds a comma (<c>InvalidTag</c>).</exception>
    public static TagList From(IEnumerable<string>? tags) => new([.. (tags ?? []).Select(Check).Distinct(StringComparer.Ordinal)]);

    /// <summary>Whether both have the same tags in the same order.</summary>
    public bool Equals(TagList? other) => other is not null && _tags.AsSpan().SequenceEqual(other._tags);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TagList);

    /// <inheritdoc/>
    public override int GetHashCode() => _tags.Length;

    /// <summary>The tags on one line, as in <c>baseline, sweep-1</c>.</summary>
    public override string ToString() => string.Join(", ", _tags);

    /// <summary>The tags in order.</summary>
    public IEnumerator<string> GetEnumerator() => _tags.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Check(string tag) =>
        tag?.Trim() is { Length: > 0 } text && !text.Contains(',', StringComparison.Ordinal) ? text : throw new ReplicateException(
            ErrorKind.InvalidArgument, "InvalidTag", $"'{tag}' cannot be a tag.", "Give a text without commas, such as baseline.");
}
