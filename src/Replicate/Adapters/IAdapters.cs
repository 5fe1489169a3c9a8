using Replicate.Storage;

namespace Replicate.Adapters;

/// <summary>What the engine needs of other people's packages. Implemented once, in an assembly that is loaded when first needed.</summary>
internal interface IAdapters
{
    /// <summary>Reads a YAML mapping of scalars, lists and mappings.</summary>
    /// <param name="text">The YAML text; empty text is an empty mapping.</param>
    /// <returns>The root mapping.</returns>
    /// <exception cref="YamlFormatException">The text is not YAML, or its root is no mapping.</exception>
    YamlMapping ReadYaml(string text);

    /// <summary>Compiles ignore rules in the syntax of <c>.gitignore</c>.</summary>
    /// <param name="lines">The lines of the file.</param>
    IPathRules CompileIgnoreRules(IEnumerable<string> lines);

    /// <summary>Opens the store of an <c>s3://</c>, <c>gs://</c> or <c>az://</c> URL, without asking it anything yet.</summary>
    /// <param name="url">The URL, without a trailing slash.</param>
    IObjectStore OpenStore(string url);

    /// <summary>
    /// Reads Vega, Vega-Lite and Vega-Embed as one script for a page, below their licence as a comment. It defines
    /// <c>vega</c>, <c>vegaLite</c> and <c>vegaEmbed</c>, and holds no <c>&lt;/script</c>.
    /// </summary>
    string ReadVega();

    /// <summary>
    /// Reads the libraries of the page of a report as one script, below their licences as a comment. It defines <c>lib</c>, and
    /// holds no <c>&lt;/script</c>.
    /// </summary>
    string ReadPageLibraries();

    /// <summary>Finds the least that has to be changed in some lines to make them others.</summary>
    /// <param name="left">The lines as they were.</param>
    /// <param name="right">The lines as they are.</param>
    /// <returns>The changes, in order and apart from one another.</returns>
    IReadOnlyList<LineChange> CompareLines(string[] left, string[] right);
}

/// <summary>Lines in place of others.</summary>
/// <param name="LeftStart">The first line that goes, from 0; where <paramref name="LeftCount"/> is 0, the line before which others come.</param>
/// <param name="LeftCount">How many lines go.</param>
/// <param name="RightStart">The first line that comes, from 0.</param>
/// <param name="RightCount">How many lines come.</param>
internal readonly record struct LineChange(int LeftStart, int LeftCount, int RightStart, int RightCount);

/// <summary>Ignore rules over paths relative to the directory of the ignore file.</summary>
internal interface IPathRules
{
    /// <summary>Whether the rules exclude a path.</summary>
    /// <param name="path">Relative, with <c>/</c>.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    bool Excludes(string path, bool isDirectory);

    /// <summary>Whether a rule with <c>!</c> is the last that matches a path, and no directory that it lies in is excluded.</summary>
    /// <param name="path">Relative, with <c>/</c>.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    bool Includes(string path, bool isDirectory);
}

/// <summary>A node of a YAML document with the line it begins at.</summary>
/// <param name="Line">The line, from 1.</param>
internal abstract record YamlNode(int Line);

/// <summary>A scalar.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">The text; null for an empty or <c>null</c> scalar.</param>
/// <param name="IsQuoted">Whether it was quoted, and so is a string whatever it looks like.</param>
internal sealed record YamlScalar(int Line, string? Text, bool IsQuoted) : YamlNode(Line);

/// <summary>A list.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Items">The items.</param>
internal sealed record YamlList(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line);

/// <summary>A mapping.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Entries">Keys with their lines, and values, in the order of the file.</param>
internal sealed record YamlMapping(int Line, IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries) : YamlNode(Line);

/// <summary>YAML that does not parse.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="message">What is wrong there.</param>
internal sealed class YamlFormatException(int line, string message) : Exception(message)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
