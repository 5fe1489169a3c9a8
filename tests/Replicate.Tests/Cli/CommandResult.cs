using System.Diagnostics;
using System.Text;
using Replicate.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>What a run of the command left.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the command within the test, as in a pipe.</summary>
    public static Task<CommandResult> OfAsync(string workingDirectory, params string[] arguments) =>
        OfAsync(workingDirectory, arguments, answers: null);

    /// <summary>Runs the command within the test, as on a terminal where somebody gives answers.</summary>
    public static Task<CommandResult> AskedAsync(string workingDirectory, string[] answers, params string[] arguments) =>
        OfAsync(workingDirectory, arguments, answers);

    /// <summary>Runs the built program.</summary>
    public static Task<CommandResult> OfProgramAsync(string workingDirectory, params string[] arguments) =>
        OfProgramAsync(workingDirectory, variable: null, arguments);

    /// <summary>Runs the built program with one more variable that is <c>true</c>.</summary>
    public static async Task<CommandResult> OfProgramAsync(string workingDirectory, string? variable, string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TZ"] = "UTC", ["REPLICATE_REPOSITORY"] = null },
        };
        if (variable is not null)
        {
            start.Environment[variable] = "true";
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var token = TestContext.Current.CancellationToken;
        var error = process.StandardError.ReadToEndAsync(token);
        var output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new CommandResult(process.ExitCode, output, await error);
    }

    /// <summary>The program beside the command's assembly, of the same configuration as the tests.</summary>
    public static string Program { get; } = Path.Combine(
        Checkout.Root, "src", "Replicate.Cli", "bin",
        Path.GetRelativePath(Path.Combine(Checkout.Root, "tests", "Replicate.Tests", "bin"), AppContext.BaseDirectory),
        OperatingSystem.IsWindows() ? "replicate.exe" : "replicate");

    private static async Task<CommandResult> OfAsync(string workingDirectory, string[] arguments, string[]? answers)
    {
        var (output, error) = (new MemoryStream(), new MemoryStream());
        var left = new Queue<string>(answers ?? []);
        using var terminal = new Terminal(output, error)
        {
            ReadLine = () => left.TryDequeue(out var answer) ? answer : null,
            CanAsk = answers is not null,
        };
        var exitCode = await ReplicateCommand.RunAsync(
            arguments, terminal, workingDirectory, TestContext.Current.CancellationToken);
        terminal.Output.Flush();
        return new CommandResult(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
