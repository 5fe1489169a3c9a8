namespace Replicate;

/// <summary>What a check says of a repository as a whole.</summary>
public sealed record RepositoryHealth
{
    /// <summary>The URL of the repository.</summary>
    public required string Repository { get; init; }

    /// <summary>Whether nothing is wrong; what somebody may only want to know does not count.</summary>
    public bool Healthy => Errors == 0 && Warnings == 0;

    /// <summary>How many findings there are of which something that was recorded cannot be read.</summary>
    public int Errors => Findings.Count(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>How many findings there are of what should not be there, and by which nothing is missing.</summary>
    public int Warnings => Findings.Count(finding => finding.Severity == FindingSeverity.Warning);

    /// <summary>How many experiments the repository has whose metadata can be read.</summary>
    public required int Experiments { get; init; }

    /// <summary>How many checkpoints they and their journals have.</summary>
    public required int Checkpoints { get; init; }

    /// <summary>What was found, in the order in which it was; empty for nothing.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>All in a few words, as in <c>healthy</c> or <c>1 error, 2 warnings</c>.</summary>
    public override string ToString() => Healthy ? "healthy" : $"{Amounts.Of(Errors, "error")}, {Amounts.Of(Warnings, "warning")}";
}
