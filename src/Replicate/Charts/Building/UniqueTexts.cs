namespace Replicate.Charts.Building;

/// <summary>Keeps apart what looks the same when it is short.</summary>
internal static class UniqueTexts
{
    /// <summary>The texts; one that was there before has a number after it.</summary>
    internal static string[] Of(IEnumerable<string> texts)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. texts.Select(text =>
        {
            var unique = text;
            for (var i = 2; !taken.Add(unique); i++)
            {
                unique = $"{text} ({i})";
            }

            return unique;
        })];
    }
}
