namespace Replicate.Help;

/// <summary>The help page of a cmdlet, as written by a person.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">The cmdlet's name.</param>
/// <param name="Synopsis">One paragraph.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Examples">In order.</param>
/// <param name="Parameters">By name, without the dash.</param>
/// <param name="Inputs">By type name.</param>
/// <param name="Outputs">By type name.</param>
/// <param name="Notes">Paragraphs; may be none.</param>
/// <param name="Links">Text and target.</param>
internal sealed record HelpPage(
    string Path,
    string Name,
    string Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<HelpExample> Examples,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Inputs,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Outputs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<HelpLink> Links);

/// <summary>An example: a title, code that runs, and what it shows.</summary>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A link to another page or a web address.</summary>
internal sealed record HelpLink(string Text, string Target);

/// <summary>A page that is not of the form.</summary>
/// <param name="path">The file.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="message">What is wrong there.</param>
internal sealed class HelpPageException(string path, int line, string message) : Exception(Describe(path, line, message))
{
    /// <summary>Says it in the form of a compiler's error, which a build shows as such.</summary>
    public static string Describe(string path, int line, string message) => $"{path}({line}): error HELP: {message}";
}
