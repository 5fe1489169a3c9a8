using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Replicate.Runs.Programs;

/// <summary>
/// Passes the signals that this process gets on to a program, until it is disposed. One that comes before the program was
/// started waits for it.
/// </summary>
internal sealed class SignalRelay : IDisposable
{
    private readonly object _lock = new();
    private readonly List<Action<ProgramProcess>> _waiting = [];
    private readonly PosixSignalRegistration[] _registrations;
    private ProgramProcess? _program;

    internal SignalRelay()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        var asked = signals.Select(signal => PosixSignalRegistration.Create(signal, Interrupt));
        _registrations = OperatingSystem.IsWindows() ? [.. asked] :
        [
            .. asked,
            .. NativeProcess.UserSignals.Select(signal => PosixSignalRegistration.Create(signal, Tell)),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, Tell),
            PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend),
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, Resize),
        ];
    }

    /// <summary>Passes signals on to a program from now on.</summary>
    internal void PassTo(ProgramProcess program)
    {
        lock (_lock)
        {
            _program = program;
            _waiting.ForEach(signal => signal(program));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        var signal = context.Signal;
        if (signal == PosixSignal.SIGHUP && !OperatingSystem.IsWindows())
        {
            Pass(program => program.HangUp());
            return;
        }

        // A key reaches all programs in the foreground of the terminal.
        var isKey = signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT && (OperatingSystem.IsWindows() || NativeProcess.IsInForeground());
        Pass(program => program.Interrupt(isKey ? null : signal));
    }

    /// <summary>Passes on what a job scheduler or a shell tells a program, and what it means to the program is its own affair.</summary>
    private void Tell(PosixSignalContext context)
    {
        context.Cancel = true;
        var signal = context.Signal;
        Pass(program => program.Send(signal));
    }

    /// <summary>
    /// Suspends the program, then this process, as a shell expects of what it put into the background. Where no shell is there to let it
    /// go on, the system suspends no program, and this process goes on with it.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private void Suspend(PosixSignalContext context)
    {
        context.Cancel = true;
        Pass(program =>
        {
            program.Send(PosixSignal.SIGTSTP);
            if (program.IsStoppedSoon())
            {
                NativeProcess.StopSelf();
            }
        });
    }

    [UnsupportedOSPlatform("windows")]
    private void Resize(PosixSignalContext context) => Pass(program => program.Resize());

    private void Pass(Action<ProgramProcess> signal)
    {
        lock (_lock)
        {
            if (_program is { } program)
            {
                signal(program);
            }
            else
            {
                _waiting.Add(signal);
            }
        }
    }
}
