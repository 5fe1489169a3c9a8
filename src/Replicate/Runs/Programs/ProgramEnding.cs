using System.Runtime.InteropServices;

namespace Replicate.Runs.Programs;

/// <summary>Ends a program before it ends itself: after its time, or when somebody says so. It is asked first, and killed where it doesn't listen.</summary>
internal sealed class ProgramEnding : IDisposable
{
    /// <summary>The exit code of a program whose time was over, as GNU's timeout has it.</summary>
    internal const int TimedOutCode = 124;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private const long Running = -1;
    private const long Over = -2;

    private readonly ProgramProcess _process;
    private readonly TimeSpan? _timeout;
    private readonly Timer _timer;
    private readonly Timer _kill;
    private long _status = Running;

    /// <param name="process">The program.</param>
    /// <param name="timeout">How long it may run; null for any time.</param>
    internal ProgramEnding(ProgramProcess process, TimeSpan? timeout)
    {
        (_process, _timeout) = (process, timeout);
        _kill = new Timer(_ => process.Interrupt(PosixSignal.SIGTERM));
        _timer = new Timer(_ => End(ExperimentStatus.Failed), null, timeout ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the program, once, where it hasn't ended by itself.</summary>
    /// <param name="status">As what its run is recorded.</param>
    internal void End(ExperimentStatus status)
    {
        if (Interlocked.CompareExchange(ref _status, (long)status, Running) == Running)
        {
            _process.Interrupt(PosixSignal.SIGTERM);
            _kill.Change(Grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>How the program ended, as it is recorded.</summary>
    internal ProgramEnd Of(ProgramEnd end) => (ExperimentStatus)Interlocked.CompareExchange(ref _status, Over, Running) switch
    {
        ExperimentStatus.StoppedEarly => end with { EndedAs = ExperimentStatus.StoppedEarly, ExitCode = 0, WasInterrupted = false },
        ExperimentStatus.Failed when end.ExitCode != 0 => end with
        {
            EndedAs = ExperimentStatus.Failed, ExitCode = TimedOutCode, WasInterrupted = false,
            ErrorOutput = $"{end.ErrorOutput}{(end.ErrorOutput.Length > 0 ? "\n" : "")}Its time of {Moments.Span(_timeout!.Value)} was over.",
        },
        _ => end,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _kill.Dispose();
    }
}
