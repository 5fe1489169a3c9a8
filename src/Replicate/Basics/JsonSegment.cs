using System.Text.Json;

namespace Replicate;

/// <summary>Where in a JSON text a member of an object, or an item of a list, lies.</summary>
/// <param name="Name">The member's name; empty for an item.</param>
/// <param name="NameStart">Where the member begins with its name, or the item with its value.</param>
/// <param name="Start">Where the value begins.</param>
/// <param name="End">Where the value has ended.</param>
/// <param name="Type">The token that the value begins with.</param>
internal readonly record struct JsonSegment(string Name, int NameStart, int Start, int End, JsonTokenType Type)
{
    /// <summary>The members or items of the object or list that begins at a place, blanks before it passed over.</summary>
    internal static List<JsonSegment> Children(ReadOnlySpan<byte> utf8, int start)
    {
        var children = new List<JsonSegment>();
        var reader = new Utf8JsonReader(utf8[start..], JsonTokens.Options);
        reader.Read();
        while (reader.Read() && reader.CurrentDepth > 0)
        {
            var name = "";
            var nameStart = start + (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = JsonTokens.Text(ref reader);
                reader.Read();
            }

            var (valueStart, type) = (start + (int)reader.TokenStartIndex, reader.TokenType);
            reader.Skip();
            children.Add(new JsonSegment(name, nameStart, valueStart, start + (int)reader.BytesConsumed, type));
        }

        return children;
    }
}
