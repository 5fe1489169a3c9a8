using Replicate.Runs;
using Replicate.Runs.Ci;

namespace Replicate;

/// <summary>
/// The pipeline that a run is a step of, recognised by its variables: its log is grouped, results become output
/// variables, a failed run an error of the step, and a page about the run its summary.
/// </summary>
public abstract class Pipeline
{
    private protected Pipeline()
    {
    }

    /// <summary>The pipeline of this process; null outside one.</summary>
    public static Pipeline? Current => Of(Environment.GetEnvironmentVariable);

    /// <summary>The pipeline of an environment; null outside one.</summary>
    /// <param name="variable">The value of a variable; null where it isn't set.</param>
    public static Pipeline? Of(Func<string, string?> variable) =>
        IsTrue(variable("TF_BUILD")) ? new AzurePipeline(variable)
        : IsTrue(variable("GITHUB_ACTIONS")) ? new GitHubPipeline(variable)
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

    /// <summary>
    /// Sets what the run came to, attaches its summary with a comparison to the best of the main branch, and reports a failure.
    /// </summary>
    /// <param name="result">How the run ended.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The lines that the step has to print.</returns>
    public async Task<IReadOnlyList<string>> ReportAsync(RunResult result, CancellationToken cancellationToken = default)
    {
        Experiment? rival = null;
        try
        {
            var all = await result.Experiment.Project.Experiments.ListAsync(cancellationToken: cancellationToken);
            rival = RunSummary.BestOfMain(result.Experiment, all);
        }
        catch (ReplicateException e)
        {
            Notices.Warn($"The run is not compared with the main branch: {e.Message}");
        }

        return Report(result, RunSummary.Write(result.Experiment, rival));
    }

    /// <summary>Sets what the run came to, attaches its summary, and reports a failure.</summary>
    /// <param name="result">How the run ended.</param>
    /// <param name="summary">The page about it, in Markdown.</param>
    /// <returns>The lines that the step has to print.</returns>
    public IReadOnlyList<string> Report(RunResult result, string summary)
    {
        var experiment = result.Experiment;
        var lines = new List<string>();
        Try("The results of the run could not be set as outputs of the step", () =>
        {
            SetVariable(lines, "ReplicateExperimentId", experiment.Id);
            SetVariable(lines, "ReplicateStatus", result.Status.ToString());
            SetVariable(lines, "ReplicateBestCheckpointId", experiment.Best()?.Id ?? "");
        });
        if (result.Status != ExperimentStatus.Completed)
        {
            lines.Add(Error(result.Summary));
        }

        Try("The summary of the run could not be attached", () => Attach(lines, experiment, summary));
        return lines;
    }

    /// <summary>Does what needs files of the agent; where they point nowhere, says what is lost, and the run ends as it ended.</summary>
    private static void Try(string loss, Action report)
    {
        try
        {
            report();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Notices.Warn($"{loss}: {e.Message}");
        }
    }

    private protected abstract void SetVariable(List<string> lines, string name, string value);

    private protected abstract string Error(string message);

    private protected abstract void Attach(List<string> lines, Experiment experiment, string summary);

    private static bool IsTrue(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private sealed class AzurePipeline(Func<string, string?> variable) : Pipeline
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

        private protected override void SetVariable(List<string> lines, string name, string value) =>
            lines.Add($"##vso[task.setvariable variable={name};isOutput=true]{Data(value)}");

        private protected override string Error(string message) => $"##vso[task.logissue type=error]{Data(message)}";

        private protected override void Attach(List<string> lines, Experiment experiment, string summary)
        {
            var directory = variable("AGENT_TEMPDIRECTORY") is { Length: > 0 } given ? given : Path.GetTempPath();
            var file = Path.Combine(directory, $"replicate-{experiment.ShortId}.md");
            File.WriteAllText(file, summary);
            lines.Add($"##vso[task.uploadsummary]{file}");
        }

        private static string Data(string text) => text
            .Replace("%", "%AZP25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
    }

    private sealed class GitHubPipeline(Func<string, string?> variable) : Pipeline
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

        private protected override void SetVariable(List<string> lines, string name, string value) =>
            Append("GITHUB_OUTPUT", $"{name}={value.ReplaceLineEndings(" ")}\n");

        private protected override string Error(string message) => $"::error title=replicate::{Data(message)}";

        private protected override void Attach(List<string> lines, Experiment experiment, string summary) =>
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
