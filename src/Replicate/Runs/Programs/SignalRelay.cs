using System.Runtime.InteropServices;

namespace Replicate.Runs;

/// <summary>Passes the signals that this process gets on to a program, until it is disposed.</summary>
internal sealed class SignalRelay : IDisposable
{
    private readonly ProgramProcess _program;
    private readonly PosixSignalRegistration[] _registrations;

    internal SignalRelay(ProgramProcess program)
    {
        _program = program;
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Pass))];
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
        var isKey = context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT;
        _program.Interrupt(isKey && (OperatingSystem.IsWindows() || NativeProcess.IsInForeground()) ? null : context.Signal);
    }
}
