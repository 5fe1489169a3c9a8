using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Replicate.Recording.Environments;

namespace Replicate.Runs.Programs;

/// <summary>A running program whose output passes through unchanged and is seen by an observer.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private const int LinesKept = 50;
    private const int BufferLength = 1 << 16;

    /// <summary>How long the output of what the program left behind may be silent before it is no longer waited for.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly TakeOutput _observe;
    private readonly ReadOutput _read;
    private readonly ByteTail _errors = new();
    private readonly PseudoTerminal? _terminal;
    private readonly ProgramJob? _job;
    private readonly Task[] _pumps;
    private long _lastOutput = System.Environment.TickCount64;
    private int _interruptions;
    private volatile bool _hungUp;

    private ProgramProcess(Process process, PseudoTerminal? terminal, ProgramOptions options, TakeOutput observe, ReadOutput? read)
    {
        (_process, _terminal, _observe, _read) = (process, terminal, observe, read ?? ((_, source, buffer) => source.Read(buffer)));
        _job = ProgramJob.TryHold(process);
        _pumps = terminal is not null
            ? [Pump(terminal.Output, options.Output, isError: false)]
            :
            [
                Pump(process.StandardOutput.BaseStream, options.Output, isError: false),
                Pump(process.StandardError.BaseStream, options.Error, isError: true),
            ];
    }

    /// <summary>Sees a piece of the output, on the thread that passes it on. The bytes are valid until it returns.</summary>
    internal delegate void TakeOutput(bool isError, ReadOnlySpan<byte> bytes);

    /// <summary>Reads from an output, as its stream does.</summary>
    internal delegate int ReadOutput(bool isError, Stream source, Span<byte> buffer);

    /// <summary>Its process id.</summary>
    internal int Id => _process.Id;

    /// <summary>Starts a program.</summary>
    /// <param name="options">The program.</param>
    /// <param name="variables">What its environment has beside ours.</param>
    /// <param name="observe">Sees its output.</param>
    /// <param name="read">Reads its output; null for nothing special.</param>
    /// <exception cref="ReplicateException"><c>ProgramNotFound</c>, <c>ProgramNotExecutable</c>, <c>TerminalUnavailable</c>.</exception>
    internal static ProgramProcess Start(
        ProgramOptions options, IReadOnlyDictionary<string, string?> variables, TakeOutput observe, ReadOutput? read = null)
    {
        var directory = options.WorkingDirectory ?? System.Environment.CurrentDirectory;
        var path = ProgramPath.Find(options.FileName, directory);
        var terminal = options.Tty ? PseudoTerminal.Open() : null;
        var (program, arguments) = terminal?.Wrap(path, options.Arguments) ?? (path, [.. options.Arguments]);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = terminal is null,
            RedirectStandardError = terminal is null,
        };
        foreach (var (name, value) in variables.Concat(options.Environment))
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ProgramProcess(Process.Start(start)!, terminal, options, observe, read);
        }
        catch (Win32Exception e)
        {
            terminal?.Dispose();
            throw new ReplicateException(
                ErrorKind.PermissionDenied, ErrorIds.ProgramNotExecutable, $"The program '{options.FileName}' cannot be started: {e.Message}",
                "Check that it is a program for this machine; name the program that runs it where it is a script.", e);
        }
    }

    /// <summary>Interrupts the program: the first time it is asked to end, the second time it is killed.</summary>
    /// <param name="signal">What it is sent; null where it got the signal itself.</param>
    internal void Interrupt(PosixSignal? signal)
    {
        if (_process.HasExited)
        {
            return;
        }

        if (Interlocked.Increment(ref _interruptions) > 1 || (signal is not null && OperatingSystem.IsWindows()))
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
            {
                // It ended meanwhile.
            }
        }
        else if (signal is { } sent)
        {
            NativeProcess.Signal(_process.Id, sent);
        }
    }

    /// <summary>Passes on that the terminal is gone, which a program may outlive: however often it comes, it kills nothing.</summary>
    internal void HangUp()
    {
        _hungUp = true;
        Send(PosixSignal.SIGHUP);
    }

    /// <summary>Whether it is stopped within a moment; taken for granted where that can't be seen.</summary>
    internal bool IsStoppedSoon()
    {
        for (var look = 0; look < 20 && !_process.HasExited; look++)
        {
            if (NativeProcess.IsStopped(_process.Id) is not false)
            {
                return true;
            }

            Thread.Sleep(10);
        }

        return false;
    }

    /// <summary>Passes a signal on that doesn't ask the program to end.</summary>
    internal void Send(PosixSignal signal)
    {
        if (!_process.HasExited)
        {
            NativeProcess.Signal(_process.Id, signal);
        }
    }

    /// <summary>Tells the program that our own terminal has another size, and gives its own that size.</summary>
    [UnsupportedOSPlatform("windows")]
    internal void Resize()
    {
        _terminal?.Resize();
        Send(PosixSignal.SIGWINCH);
    }

    /// <summary>Waits until the program has ended and its output was passed on.</summary>
    internal async Task<ProgramEnd> WaitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);

        // What it started may hold the output open for ever; while something comes, it is passed on.
        var all = Task.WhenAll(_pumps);
        Interlocked.Exchange(ref _lastOutput, System.Environment.TickCount64);
        while (!all.IsCompleted && System.Environment.TickCount64 - Interlocked.Read(ref _lastOutput) < Silence.TotalMilliseconds)
        {
            await Task.WhenAny(all, Task.Delay(50, CancellationToken.None));
        }

        _job?.Release();
        return new ProgramEnd(_process.ExitCode, _interruptions > 0, _hungUp, _errors.LastLines(LinesKept));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _job?.Dispose();
        _terminal?.Dispose();
    }

    /// <summary>Passes one stream on, on a thread of its own: reading from a pipe blocks.</summary>
    private Task Pump(Stream source, Stream target, bool isError)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                PassOn(source, target, isError);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The stream ended in the middle, or nobody waits for it any more.
            }

            done.SetResult();
        }) { IsBackground = true, Name = isError ? "error output" : "output" }.Start();
        return done.Task;
    }

    private void PassOn(Stream source, Stream target, bool isError)
    {
        var buffer = new byte[BufferLength];
        var passed = new PassedOutput(target, isError ? "error output" : "output");
        while (_read(isError, source, buffer) is > 0 and var read)
        {
            Interlocked.Exchange(ref _lastOutput, System.Environment.TickCount64);
            var bytes = buffer.AsSpan(0, read);
            passed.Write(bytes);
            if (isError || _terminal is not null)
            {
                _errors.Add(bytes);
            }

            _observe(isError, bytes);
        }

        passed.Finish();
    }
}
