namespace Replicate;

/// <summary>What repairing did about a finding.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="IsMended">Whether it is mended.</param>
/// <param name="Action">One sentence on what was done, or why nothing was.</param>
/// <param name="MovedTo">Where the file was moved to, a key of the repository; empty where none was.</param>
public sealed record RepairResult(Finding Finding, bool IsMended, string Action, string MovedTo)
{
    /// <summary>The key of the file concerned.</summary>
    public string Path => Finding.Path;

    /// <summary>The file and what was done.</summary>
    public override string ToString() => Value.Escape($"{Path}: {Action}");
}
