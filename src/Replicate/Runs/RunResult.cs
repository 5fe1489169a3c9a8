using System.Text.RegularExpressions;
using Replicate.Recording.Secrets;

namespace Replicate.Runs;

/// <summary>How a training run ended.</summary>
/// <param name="Experiment">The experiment, with all that was recorded.</param>
/// <param name="Status">Completed, failed, interrupted or stopped early.</param>
/// <param name="ExitCode">The program's exit code; 128 + n where the signal n ended it.</param>
/// <param name="ErrorOutput">The last 50 lines of its error output; empty for none.</param>
/// <param name="RecordingError">Why not all could be recorded, though the run went on; null where all is.</param>
public sealed record RunResult(
    Experiment Experiment, ExperimentStatus Status, int ExitCode, string ErrorOutput, ReplicateException? RecordingError)
{
    private const int LongestLine = 300;

    // An escape sequence of a terminal. It never goes back in the text.
    private static readonly Regex Colours = new(@"\x1b\[[0-?]*[ -/]*[@-~]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Whether the program was asked to end from outside, whatever it made of that.</summary>
    public bool WasInterrupted { get; init; } = Status == ExperimentStatus.Interrupted;

    /// <summary>How it ended, as one sentence; where it wasn't completed, with the last line of its error output, without secrets.</summary>
    public string Summary
    {
        get
        {
            var how = Status switch
            {
                ExperimentStatus.Completed => "was completed",
                ExperimentStatus.StoppedEarly => "was stopped early",
                ExperimentStatus.Failed => $"failed with exit code {ExitCode}",
                _ => $"was interrupted with exit code {ExitCode}",
            };
            var line = Status is ExperimentStatus.Completed or ExperimentStatus.StoppedEarly ? "" : LastErrorLine;
            return $"The run of experiment {Experiment.ShortId} {how}{(line.Length > 0 ? $": {line}" : ".")}";
        }
    }

    /// <summary>The last line of the error output that says something, without secrets, colours and more than 300 characters; empty for none.</summary>
    public string LastErrorLine
    {
        get
        {
            var lines = SecretMask.OfProcess().Apply(ErrorOutput).Split('\n').Select(line => VisibleText.Of(Colours.Replace(line, "").Trim()));
            var last = lines.LastOrDefault(line => line.Length > 0) ?? "";
            return last.Length <= LongestLine ? last : last[..LongestLine] + "…";
        }
    }
}
