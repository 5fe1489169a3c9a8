using System.Diagnostics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

/// <summary>The program that tests run, with an environment of its own.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <summary>Starts it, or the program that is named.</summary>
    public ChildProcess(string[] arguments, (string Name, string Value)[] variables, string program = "child/Replicate.Tests.Child.dll")
        : this(AssemblyProgram.Start(Path.Combine(AppContext.BaseDirectory, program), arguments), variables)
    {
    }

    private ChildProcess(ProcessStartInfo start, (string Name, string Value)[] variables)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;

        // Its projects are the tests' own.
        start.Environment["REPLICATE_TRUST"] = "*";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a program that needs no runtime.</summary>
    public static ChildProcess Start(string program, string[] arguments, (string Name, string Value)[] variables) =>
        new(new ProcessStartInfo(program, arguments), variables);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string[] arguments, params (string Name, string Value)[] variables)
    {
        using var child = new ChildProcess(arguments, variables);
        return await child.WaitAsync();
    }

    /// <summary>Reads a line of its output.</summary>
    /// <exception cref="InvalidOperationException">It ended before it wrote one.</exception>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(Token) ?? throw new InvalidOperationException(await _errors);

    public void WriteLine(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Waits for its end, with the rest of its output.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> WaitAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(Token);
        await _process.WaitForExitAsync(Token);
        return (_process.ExitCode, output, await _errors);
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Sends it a signal, <c>STOP</c> or <c>CONT</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends it as SIGKILL does, without a chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
