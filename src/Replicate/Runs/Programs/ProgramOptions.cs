using Replicate.Recording.Secrets;

namespace Replicate.Runs.Programs;

/// <summary>A training program and how it is started.</summary>
public sealed record ProgramOptions
{
    /// <summary>The program: a name that is looked up on the path, or a path relative to the working directory.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments, passed on as they are.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The absolute directory it runs in; null for that of the process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables it gets beside those of the process; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where its output goes as it comes, byte for byte.</summary>
    public Stream Output { get; init; } = Stream.Null;

    /// <summary>Where its error output goes as it comes, byte for byte.</summary>
    public Stream Error { get; init; } = Stream.Null;

    /// <summary>
    /// Whether it gets a pseudo-terminal, for colours and progress bars; its error output is then part of its output. Not on
    /// Windows.
    /// </summary>
    public bool Tty { get; init; }

    /// <summary>
    /// Whether signals to this process are passed on to the program instead of ending this process: Ctrl+C, SIGTERM and SIGQUIT,
    /// of which a second one kills it, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH, and SIGTSTP and SIGCONT, by which this process stops and
    /// goes on, too. For a command, not for a shell that has its own way of interrupting.
    /// </summary>
    public bool PassSignals { get; init; }

    /// <summary>The command line as a shell would take it, without secrets.</summary>
    public string CommandLine => ToCommandLine(found: null);

    /// <summary>The command line as a shell would take it, without secrets.</summary>
    /// <param name="found">Gets the names of what was masked; null for nobody.</param>
    internal string ToCommandLine(ICollection<string>? found) =>
        string.Join(' ', new[] { FileName }.Concat(SecretMask.OfProcess().Apply(Arguments, found)).Select(Quote));

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.Replace(SecretMask.Mask, "", StringComparison.Ordinal).All(IsPlain)
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char character) =>
        char.IsLetterOrDigit(character) || "-_./=:,@%+".Contains(character, StringComparison.Ordinal);
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + n where the signal n ended it.</param>
/// <param name="WasInterrupted">Whether it was asked to end from outside.</param>
/// <param name="WasHungUp">Whether it was told that its terminal is gone.</param>
/// <param name="ErrorOutput">The last 50 lines of its error output.</param>
public sealed record ProgramEnd(int ExitCode, bool WasInterrupted, bool WasHungUp, string ErrorOutput)
{
    /// <summary>
    /// How the run ended. A program that ends with 0 has done its work, whatever came meanwhile; one that was asked to end
    /// and ends otherwise was interrupted; one that outlived its terminal only where that ended it.
    /// </summary>
    internal ExperimentStatus Status =>
        EndedAs is { } status ? status
        : ExitCode != 0 && (WasInterrupted || (WasHungUp && ExitCode == TrainingRun.HangUpCode))
            ? ExperimentStatus.Interrupted
        : TrainingRun.StatusOf(ExitCode);

    /// <summary>As what we ended it; null where it ended otherwise.</summary>
    internal ExperimentStatus? EndedAs { get; init; }
}
