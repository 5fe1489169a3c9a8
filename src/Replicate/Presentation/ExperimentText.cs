using System.Globalization;

namespace Replicate.Presentation;

/// <summary>Things of the engine in a few words, control characters of a repository escaped.</summary>
internal static class ExperimentText
{
    private const int ShortCommit = 7;

    /// <summary>The status as in <c>running</c> or <c>failed (3)</c>, with the exit code where one is recorded.</summary>
    public static string Status(Experiment experiment) => Status(experiment.Status, experiment.ExitCode);

    /// <inheritdoc cref="Status(Experiment)"/>
    public static string Status(ExperimentStatus status, int? exitCode) => status switch
    {
        ExperimentStatus.Running => "running",
        ExperimentStatus.Completed => "completed",
        ExperimentStatus.Failed when exitCode is { } code => string.Create(CultureInfo.InvariantCulture, $"failed ({code})"),
        ExperimentStatus.Failed => "failed",
        ExperimentStatus.Interrupted => "interrupted",
        ExperimentStatus.Lost => "lost",
        ExperimentStatus.StoppedEarly => "stopped early",
        _ => "stopped",
    };

    /// <summary>The way of the primary metric over the checkpoints as small bars; empty without one.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="width">How many characters at most.</param>
    public static string Trend(Experiment experiment, int width) => experiment.PrimaryMetric is not { } primary ? "" : Sparkline.Of(
        [.. experiment.Checkpoints.Select(checkpoint => Value.TryGetNumber(checkpoint.Metrics[primary.Name], out var number) ? number : double.NaN)],
        width);

    /// <summary>All metrics of a checkpoint on one line, the primary one first.</summary>
    public static string Metrics(Checkpoint checkpoint, int maxLength = 48)
    {
        var primary = checkpoint.PrimaryMetric?.Name;
        return TextCells.Cut(
            string.Join(' ', checkpoint.Metrics.OrderBy(pair => pair.Key != primary)
                .Select(pair => $"{Value.Escape(pair.Key)}={Value.ToShortText(pair.Value, 24)}")),
            maxLength);
    }

    /// <summary>The commit and branch of git, and whether the tree was dirty; empty where that isn't recorded.</summary>
    public static string Git(Experiment experiment) => Join(
        experiment.Git["commit"] is string { Length: > ShortCommit } commit ? commit[..ShortCommit] : experiment.Git["commit"],
        experiment.Git["branch"] is string { Length: > 0 } branch ? $"({branch})" : null,
        experiment.Git["dirty"] is true ? "dirty" : null);

    private static string Join(params object?[] parts) => Value.Escape(string.Join(' ', parts.OfType<string>().Where(part => part.Length > 0)));
}
