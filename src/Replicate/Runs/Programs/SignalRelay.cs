using System.Runtime.InteropServices;

namespace Replicate.Runs;

/// <summary>
/// Passes the signals that this process gets on to a program, until it is disposed. One that comes before the program was
/// started waits for it.
/// </summary>
internal sealed class SignalRelay : IDisposable
{
    private readonly object _lock = new();
    private readonly List<PosixSignal?> _waiting = [];
    private readonly PosixSignalRegistration[] _registrations;
    private ProgramProcess? _program;

    internal SignalRelay()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Pass))];
    }

    /// <summary>Passes signals on to a program from now on.</summary>
    internal void PassTo(ProgramProcess program)
    {
        lock (_lock)
        {
            _program = program;
            _waiting.ForEach(program.Interrupt);
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

    private void Pass(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_lock)
        {
            if (_program is null)
            {
                _waiting.Add(context.Signal);
            }
            else
            {
                // A key reaches all programs in the foreground of the terminal.
                var isKey = context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT;
                _program.Interrupt(isKey && (OperatingSystem.IsWindows() || NativeProcess.IsInForeground()) ? null : context.Signal);
            }
        }
    }
}
