namespace Replicate.Presentation;

/// <summary>A comparison as JSON.</summary>
internal static class ComparisonOutput
{
    private const int Indent = 2;
    private const int FlushLength = 1 << 16;

    /// <summary>
    /// Writes <c>sides</c>, each with the id of its <c>experiment</c> and of its <c>checkpoint</c> or null, and
    /// <c>differences</c>, each with <c>section</c>, <c>name</c> and <c>values</c> in the order of the sides; <c>has</c> tells a
    /// recorded null from none. Files also have <c>change</c> and <c>diff</c>, and as values <c>size</c>, <c>mode</c> in octal,
    /// <c>sha256</c> and <c>link</c>, or <c>unknown</c>.
    /// </summary>
    /// <param name="stream">Where to.</param>
    /// <param name="sides">What was compared.</param>
    /// <param name="differences">What differs.</param>
    public static void Write(Stream stream, IEnumerable<Match> sides, IEnumerable<Difference> differences)
    {
        var json = new JsonTextWriter(Indent);
        json.BeginObject();
        json.Name("sides");
        json.BeginArray();
        foreach (var side in sides)
        {
            json.BeginObject();
            json.Member("experiment", side.Experiment.Id);
            json.Member("checkpoint", side.Representative?.Id);
            json.EndObject();
        }

        json.EndArray();
        json.Name("differences");
        json.BeginArray();
        foreach (var difference in differences)
        {
            WriteDifference(json, difference);
            if (json.Length > FlushLength)
            {
                json.FlushTo(stream);
            }
        }

        json.EndArray();
        json.EndObject();
        json.EndLine();
        json.FlushTo(stream);
        stream.Flush();
    }

    private static void WriteDifference(JsonTextWriter json, Difference difference)
    {
        json.BeginObject();
        json.Member("section", difference.Section);
        json.Member("name", difference.Name);
        json.Name("values");
        json.BeginArray();
        foreach (var value in difference.Values)
        {
            WriteValue(json, value);
        }

        json.EndArray();
        json.Name("has");
        json.BeginArray();
        foreach (var isSet in difference.IsSet)
        {
            json.Value(isSet);
        }

        json.EndArray();
        if (difference is FileDifference file)
        {
            json.Member("change", file.Change.ToString().ToLowerInvariant());
            json.Member("diff", file.Diff);
        }

        json.EndObject();
    }

    private static void WriteValue(JsonTextWriter json, object? value)
    {
        switch (value)
        {
            case ComparedFile { IsKnown: false }:
                json.Value("unknown");
                break;
            case ComparedFile file:
                json.BeginObject();
                json.Member("size", file.Length);
                json.Member("mode", file.ModeText);
                json.Member("sha256", file.LinkTarget is null ? file.Sha256 : null);
                json.Member("link", file.LinkTarget);
                json.EndObject();
                break;
            case DateTime date:
                json.Value(Timestamp.From(date).ToString());
                break;
            default:
                json.Value(value);
                break;
        }
    }
}
