namespace Replicate.Integrity;

/// <summary>Says what was found.</summary>
/// <param name="project">Whose repository is checked.</param>
internal sealed class FindingWriter(Project project)
{
    internal Finding New(FindingSeverity severity, FindingKind kind, string path, string message, string remedy) => new()
    {
        Project = project, Severity = severity, Kind = kind, Path = path, Message = message, Remedy = remedy,
    };

    /// <summary>A file that was moved aside and is missed.</summary>
    /// <param name="aside">Where it lies.</param>
    /// <param name="key">The key that it had.</param>
    /// <param name="message">One sentence on what is wrong.</param>
    internal Finding MovedAside(string aside, string key, string message) => New(
        FindingSeverity.Error, FindingKind.MovedAside, aside, message, $"Repair the repository, which puts it back as {key}.");

    /// <summary>A file that the format does not know.</summary>
    internal Finding Unknown(string key) => New(
        FindingSeverity.Information, FindingKind.UnknownFile, key, "The file is none that the format knows.",
        "Leave it, if somebody put it there on purpose.");
}
