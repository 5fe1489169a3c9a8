using System.Text.Json;
using Replicate.Adapters;

namespace Replicate.Runs.Params;

/// <summary>Reads params from a YAML or JSON file.</summary>
internal static class ParamFile
{
    private const long MaxLength = 1 << 24;

    /// <summary>
    /// Reads a file whose root is a mapping, as JSON where its name ends in <c>.json</c>, with the words that Python adds to
    /// it (<c>NaN</c>), otherwise as YAML.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="ReplicateException">
    /// It isn't there (<c>ParamFileNotFound</c>), can't be read, or is no mapping (<c>ParamFileInvalid</c>).
    /// </exception>
    public static IReadOnlyDictionary<string, object?> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxLength)
            {
                throw new FormatException("It is too large for a file of params.");
            }

            var text = File.ReadAllText(path);
            return Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(text) : YamlParams.Read(text);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReplicateException(
                ErrorKind.NotFound, "ParamFileNotFound", $"The file of params '{path}' does not exist.", "Check its path.", e);
        }
        catch (Exception e) when (e is FormatException or JsonException or YamlFormatException or IOException or UnauthorizedAccessException)
        {
            var line = e is YamlFormatException yaml ? $" Line {yaml.Line}: " : " ";
            throw new ReplicateException(
                ErrorKind.InvalidData, "ParamFileInvalid", $"The file of params '{path}' cannot be read:{line}{e.Message}",
                "Write names with values, as in 'learning_rate: 0.01', or a JSON object.", e);
        }
    }

    private static IReadOnlyDictionary<string, object?> ReadJson(string text) =>
        ParamText.ReadJson(text.TrimStart('\uFEFF')) as ValueMap ?? throw new FormatException("It is not a JSON object.");
}
