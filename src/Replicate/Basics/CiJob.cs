namespace Replicate;

/// <summary>
/// The job of a CI service (Azure Pipelines, GitHub Actions) that this process is a step of, recognised by its variables: which
/// build it belongs to, and how its log is grouped, errors reported, outputs set and pages attached.
/// </summary>
internal abstract class CiJob
{
    private protected CiJob()
    {
    }

    /// <summary>The job of this process; null outside CI.</summary>
    public static CiJob? Current => Of(Environment.GetEnvironmentVariable);

    /// <summary>The job that an environment tells of; null outside CI.</summary>
    /// <param name="variable">The value of a variable; null where it isn't set.</param>
    public static CiJob? Of(Func<string, string?> variable) =>
        IsTrue(variable("TF_BUILD")) ? new AzureJob(variable)
        : IsTrue(variable("GITHUB_ACTIONS")) ? new GitHubJob(variable)
        : null;

    /// <summary>The build that a run is part of: its <c>number</c> and the <c>url</c> of its page, as far as they are known.</summary>
    public ValueMap Build => Value.MapFrom(
        new (string Name, string Value)[] { ("number", Number), ("url", Url) }
            .Where(fact => fact.Value.Length > 0).ToDictionary(fact => fact.Name, fact => (object?)fact.Value));

    /// <summary>The directory of the scripts that the agent writes for its steps; null where that isn't known.</summary>
    public abstract string? ScriptDirectory { get; }

    private protected abstract string Number { get; }

    private protected abstract string Url { get; }

    /// <summary>The line that begins the group of a run in the log.</summary>
    public abstract string BeginGroup(string title);

    /// <summary>The line that ends it.</summary>
    public abstract string EndGroup { get; }

    /// <summary>Makes a value an output of the step.</summary>
    /// <param name="lines">Gets the lines that the step has to print for it.</param>
    /// <param name="name">The name of the output.</param>
    /// <param name="value">Its value.</param>
    internal abstract void SetVariable(List<string> lines, string name, string value);

    /// <summary>The line that reports an error of the step.</summary>
    internal abstract string Error(string message);

    /// <summary>Attaches a page to the summary of the build.</summary>
    /// <param name="lines">Gets the lines that the step has to print for it.</param>
    /// <param name="name">What tells it from the pages of other runs of the build.</param>
    /// <param name="summary">The page, in Markdown.</param>
    internal abstract void Attach(List<string> lines, string name, string summary);

    private static bool IsTrue(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private sealed class AzureJob(Func<string, string?> variable) : CiJob
    {
        public override string? ScriptDirectory => variable("AGENT_TEMPDIRECTORY");

        private protected override string Number => variable("BUILD_BUILDNUMBER") ?? "";

        // The URI of a build is no page; its id ends it.
        private protected override string Url =>
            (variable("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI") ?? variable("SYSTEM_COLLECTIONURI")) is { Length: > 0 } collection
            && variable("SYSTEM_TEAMPROJECT") is { Length: > 0 } project
            && (variable("BUILD_BUILDID") ?? variable("BUILD_URI")?.Split('/')[^1]) is { Length: > 0 } id
                ? $"{collection.TrimEnd('/')}/{Uri.EscapeDataString(project)}/_build/results?buildId={Uri.EscapeDataString(id)}"
                : "";

        public override string BeginGroup(string title) => $"##[group]{Data(title)}";

        public override string EndGroup => "##[endgroup]";

        internal override void SetVariable(List<string> lines, string name, string value) =>
            lines.Add($"##vso[task.setvariable variable={name};isOutput=true]{Data(value)}");

        internal override string Error(string message) => $"##vso[task.logissue type=error]{Data(message)}";

        internal override void Attach(List<string> lines, string name, string summary)
        {
            var directory = variable("AGENT_TEMPDIRECTORY") is { Length: > 0 } given ? given : Path.GetTempPath();
            var file = Path.Combine(directory, $"replicate-{name}.md");
            File.WriteAllText(file, summary);
            lines.Add($"##vso[task.uploadsummary]{file}");
        }

        private static string Data(string text) => text
            .Replace("%", "%AZP25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
    }

    private sealed class GitHubJob(Func<string, string?> variable) : CiJob
    {
        public override string? ScriptDirectory => variable("RUNNER_TEMP");

        private protected override string Number => variable("GITHUB_RUN_NUMBER") ?? "";

        private protected override string Url =>
            variable("GITHUB_REPOSITORY") is { Length: > 0 } repository && variable("GITHUB_RUN_ID") is { Length: > 0 } id
                ? $"{(variable("GITHUB_SERVER_URL") ?? "https://github.com").TrimEnd('/')}/{repository}/actions/runs/{id}{Attempt}"
                : "";

        // A run that was started again has a page for each time.
        private string Attempt => variable("GITHUB_RUN_ATTEMPT") is { Length: > 0 } attempt and not "1" ? $"/attempts/{attempt}" : "";

        public override string BeginGroup(string title) => $"::group::{Data(title)}";

        public override string EndGroup => "::endgroup::";

        internal override void SetVariable(List<string> lines, string name, string value) =>
            Append("GITHUB_OUTPUT", $"{name}={value.ReplaceLineEndings(" ")}\n");

        internal override string Error(string message) => $"::error title=replicate::{Data(message)}";

        internal override void Attach(List<string> lines, string name, string summary) =>
            Append("GITHUB_STEP_SUMMARY", summary + "\n");

        private void Append(string name, string text)
        {
            if (variable(name) is { Length: > 0 } file)
            {
                File.AppendAllText(file, text);
            }
        }

        private static string Data(string text) => text
            .Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
    }
}
