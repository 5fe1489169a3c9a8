namespace Replicate.Spool;

/// <summary>Whether this process is a step of an Azure DevOps or GitHub Actions pipeline.</summary>
internal static class Pipeline
{
    internal static bool IsPresent { get; } = new[] { "TF_BUILD", "GITHUB_ACTIONS" }
        .Any(name => string.Equals(Environment.GetEnvironmentVariable(name), "true", StringComparison.OrdinalIgnoreCase));
}
