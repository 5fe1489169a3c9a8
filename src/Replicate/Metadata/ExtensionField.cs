using System.Globalization;
using System.Text.Json;

namespace Replicate.Metadata;

/// <summary>A field of <see cref="ExperimentExtension"/>, under one name in the file, in filters and in what is shown.</summary>
/// <param name="name">The name.</param>
internal abstract class ExtensionField(string name)
{
    /// <summary>The name.</summary>
    internal string Name { get; } = name;

    /// <summary>Reads it from JSON.</summary>
    /// <exception cref="FormatException">It is of another type.</exception>
    internal abstract void Read(ref Utf8JsonReader reader, ExperimentExtension extension);

    /// <summary>Its value as JSON has it; null where it says nothing.</summary>
    internal abstract object? ValueOf(ExperimentExtension extension);

    /// <summary>Its value for people; empty where it says nothing.</summary>
    internal virtual string TextOf(ExperimentExtension extension) => ValueOf(extension) is { } value ? Value.ToText(value) : "";
}

/// <summary>One of a type.</summary>
/// <param name="name">The name.</param>
/// <param name="get">Gets the value.</param>
/// <param name="set">Sets it, in an extension that nobody else has yet.</param>
internal abstract class ExtensionField<T>(string name, Func<ExperimentExtension, T> get, Action<ExperimentExtension, T> set) : ExtensionField(name)
{
    /// <summary>The value.</summary>
    internal T Get(ExperimentExtension extension) => get(extension);

    /// <summary>Sets the value, in an extension that nobody else has yet.</summary>
    internal void Set(ExperimentExtension extension, T value) => set(extension, value);
}

/// <summary>A text; empty for none.</summary>
internal class TextField(string name, Func<ExperimentExtension, string> get, Action<ExperimentExtension, string> set)
    : ExtensionField<string>(name, get, set)
{
    /// <summary>Whether it is what a user or a program says: it may hold a secret, and no other experiment has the same.</summary>
    internal bool IsFree { get; init; }

    /// <summary>Whether it is written when it is empty, too.</summary>
    internal bool IsAlwaysWritten { get; init; }

    internal override void Read(ref Utf8JsonReader reader, ExperimentExtension extension) =>
        Set(extension, JsonTokens.Text(ref reader, Name, isShared: !IsFree));

    internal override object? ValueOf(ExperimentExtension extension) =>
        Get(extension) is { } text && (text.Length > 0 || IsAlwaysWritten) ? text : null;
}

/// <summary>The name of a sweep; people see the number of the run with it.</summary>
internal sealed class SweepField(string name, Func<ExperimentExtension, string> get, Action<ExperimentExtension, string> set)
    : TextField(name, get, set)
{
    internal override string TextOf(ExperimentExtension extension) =>
        extension is { SweepNumber: { } number, SweepCount: { } count } && Get(extension).Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Get(extension)} ({number} of {count})")
            : Get(extension);
}

/// <summary>A SHA-256 in hex digits; empty for none.</summary>
internal sealed class DigestField(string name, Func<ExperimentExtension, string> get, Action<ExperimentExtension, string> set)
    : TextField(name, get, set)
{
    internal override void Read(ref Utf8JsonReader reader, ExperimentExtension extension) => Set(extension, ExtensionFormat.ReadSha256(ref reader));
}

/// <summary>A whole number.</summary>
internal sealed class IntegerField(string name, Func<ExperimentExtension, long?> get, Action<ExperimentExtension, long?> set)
    : ExtensionField<long?>(name, get, set)
{
    internal override void Read(ref Utf8JsonReader reader, ExperimentExtension extension) =>
        Set(extension, reader.TokenType == JsonTokenType.Null ? null : JsonTokens.Integer(ref reader, Name));

    internal override object? ValueOf(ExperimentExtension extension) => Get(extension);
}

/// <summary>A time.</summary>
internal sealed class TimeField(string name, Func<ExperimentExtension, Timestamp?> get, Action<ExperimentExtension, Timestamp?> set)
    : ExtensionField<Timestamp?>(name, get, set)
{
    internal override void Read(ref Utf8JsonReader reader, ExperimentExtension extension) => Set(extension, JsonTokens.Time(ref reader, Name));

    internal override object? ValueOf(ExperimentExtension extension) => Get(extension)?.ToString();
}

/// <summary>Something that is so or not.</summary>
internal sealed class FlagField(string name, Func<ExperimentExtension, bool> get, Action<ExperimentExtension, bool> set)
    : ExtensionField<bool>(name, get, set)
{
    internal override void Read(ref Utf8JsonReader reader, ExperimentExtension extension) => Set(extension, JsonTokens.Flag(ref reader, Name));

    internal override object? ValueOf(ExperimentExtension extension) => Get(extension) ? true : null;
}

/// <summary>Facts by name.</summary>
internal sealed class MapField(string name, Func<ExperimentExtension, ValueMap> get, Action<ExperimentExtension, ValueMap> set)
    : ExtensionField<ValueMap>(name, get, set)
{
    internal override void Read(ref Utf8JsonReader reader, ExperimentExtension extension) => Set(extension, new ValueReader().ReadMap(ref reader, Name));

    internal override object? ValueOf(ExperimentExtension extension) => Get(extension) is { Count: > 0 } map ? map : null;

    internal override string TextOf(ExperimentExtension extension) => string.Join(' ', Get(extension).Values.Select(Value.ToText));
}

/// <summary>Tags.</summary>
internal sealed class TagsField(string name, Func<ExperimentExtension, TagList> get, Action<ExperimentExtension, TagList> set)
    : ExtensionField<TagList>(name, get, set)
{
    internal override void Read(ref Utf8JsonReader reader, ExperimentExtension extension)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        JsonTokens.ExpectArray(ref reader, Name);
        var tags = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            tags.Add(JsonTokens.Text(ref reader, Name));
        }

        Set(extension, TagList.From(tags.Where(tag => tag.Trim().Length > 0 && !tag.Contains(',', StringComparison.Ordinal))));
    }

    internal override object? ValueOf(ExperimentExtension extension) => Get(extension) is { Count: > 0 } tags ? new ValueList([.. tags]) : null;

    internal override string TextOf(ExperimentExtension extension) => Get(extension).ToString();
}
