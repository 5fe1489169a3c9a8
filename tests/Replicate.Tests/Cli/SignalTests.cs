using System.Diagnostics;
using System.Runtime.InteropServices;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>Real signals to the real command, which passes them on to a real program.</summary>
public class SignalTests
{
    private const int Hup = 1;
    private const int Term = 15;
    private const int Usr1 = 10;
    private const int Usr2 = 12;
    private const int Cont = 18;
    private const int Tstp = 20;
    private const int Winch = 28;

    [Theory]
    [InlineData("USR1", Usr1)]
    [InlineData("USR2", Usr2)]
    [InlineData("WINCH", Winch)]
    [InlineData("CONT", Cont)]
    [InlineData("HUP", Hup)]
    [InlineData("TERM", Term)]
    public async Task A_program_that_a_signal_tells_to_save_is_completed(string name, int signal)
    {
        await using var run = await StartAsync($"trap 'echo step 2 loss: 0.25; exit 0' {name}; echo step 1 loss: 0.5; echo ready; while :; do sleep 0.05; done");

        run.Send(signal);

        Assert.Equal((0, ExperimentStatus.Completed, 0, "1 | loss=0.5, 2 | loss=0.25"), await run.EndAsync());
    }

    [Theory]
    [InlineData("HUP", Hup)]
    [InlineData("TERM", Term)]
    public async Task A_program_that_passes_over_a_signal_and_ends_well_is_completed(string name, int signal)
    {
        await using var run = await StartAsync($"trap '' {name}; echo ready; for i in 1 2 3 4; do echo step $i loss: 0.$i; sleep 0.2; done");

        run.Send(signal);

        Assert.Equal((0, ExperimentStatus.Completed, 0, "1 | loss=0.1, 2 | loss=0.2, 3 | loss=0.3, 4 | loss=0.4"), await run.EndAsync());
    }

    [Fact]
    public async Task A_hangup_that_the_program_outlived_is_not_why_it_failed_later()
    {
        await using var run = await StartAsync("trap '' HUP; echo ready; sleep 0.5; exit 3");

        run.Send(Hup);
        run.Send(Hup);

        Assert.Equal((3, ExperimentStatus.Failed, 3, ""), await run.EndAsync());
    }

    [Theory]
    [InlineData(Hup, 129, ExperimentStatus.Interrupted)]
    [InlineData(2, 130, ExperimentStatus.Interrupted)]
    [InlineData(Term, 143, ExperimentStatus.Interrupted)]
    [InlineData(Usr1, 138, ExperimentStatus.Failed)]
    [InlineData(Usr2, 140, ExperimentStatus.Failed)]
    public async Task A_program_that_a_signal_ends_has_128_and_its_number(int signal, int exitCode, ExperimentStatus status)
    {
        await using var run = await StartAsync("echo step 1 loss: 0.5; echo ready; exec sleep 60");

        run.Send(signal);

        Assert.Equal((exitCode, status, exitCode, "1 | loss=0.5"), await run.EndAsync());
    }

    [Fact]
    public async Task A_suspended_run_stops_with_its_program_and_goes_on_with_it()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Reads the state of processes of Linux.");
        await using var run = await StartAsync("trap 'echo step 2 loss: 0.25' CONT; echo $$ >pid; echo step 1 loss: 0.5; echo ready; for i in $(seq 60); do sleep 0.05; done");
        var program = int.Parse(await File.ReadAllTextAsync(run.Project.Directory.Combine("pid"), TestContext.Current.CancellationToken), null);

        run.Send(Tstp);
        if (IsOrphaned())
        {
            // There is no shell to let anything go on, so the system suspends nothing.
            Assert.Equal((0, ExperimentStatus.Completed, 0, "1 | loss=0.5"), await run.EndAsync());
            return;
        }

        await UntilAsync(() => StateOf(run.Id) == 'T' && StateOf(program) == 'T');

        // As 'fg' is typed again, where it comes while the program's stop is still under way.
        await UntilAsync(() =>
        {
            run.Send(Cont);
            return StateOf(run.Id) != 'T' && StateOf(program) != 'T';
        });
        Assert.Equal((0, ExperimentStatus.Completed, 0, "1 | loss=0.5, 2 | loss=0.25"), await run.EndAsync());
    }

    /// <summary>Whether nobody outside of the process group of the tests, but of its session, is the parent of one of the group.</summary>
    private static bool IsOrphaned()
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => FieldsOf(int.Parse(name!, null))).OfType<(int Id, int Parent, int Group, int Session)>().ToDictionary(process => process.Id);
        var own = processes[Environment.ProcessId];
        return !processes.Values.Any(process => process.Group == own.Group
            && processes.TryGetValue(process.Parent, out var parent) && parent.Group != own.Group && parent.Session == own.Session);
    }

    private static (int Id, int Parent, int Group, int Session)? FieldsOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (process, int.Parse(fields[1], null), int.Parse(fields[2], null), int.Parse(fields[3], null));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(1));
        while (!isSo())
        {
            await Task.Delay(50, timeout.Token);
        }
    }

    // After the name in parentheses comes the state.
    private static char StateOf(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        return text[text.LastIndexOf(')') + 2];
    }

    private static async Task<Run> StartAsync(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Sends signals by their numbers on Linux.");
        var run = new Run(script);
        await run.IsReadyAsync();
        return run;
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly Process _process;

        public Run(string script)
        {
            // Whoever started the tests may ignore a signal, as a shell does SIGINT of what a script puts into the background, and what is
            // ignored is so for all that is started.
            var start = new ProcessStartInfo(
                "env",
                ["--default-signal", CommandResult.Program, "run", "-R", "file://.replicate", "-D", Project.Directory.Path, "--", "sh", "-c", script])
            {
                WorkingDirectory = Project.Directory.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            };
            _process = Process.Start(start)!;
            _process.ErrorDataReceived += (_, _) => { };
            _process.BeginErrorReadLine();
        }

        public TestProject Project { get; } = new();

        public int Id => _process.Id;

        public async Task IsReadyAsync()
        {
            while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && line != "ready")
            {
            }
        }

        public void Send(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

        public async Task<(int ExitCode, ExperimentStatus Status, int? Recorded, string Steps)> EndAsync()
        {
            await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var experiment = Assert.Single(await Project.ListAsync());
            var steps = experiment.Checkpoints.Select(checkpoint => $"{checkpoint.Step} | {checkpoint.Metrics}");
            return (_process.ExitCode, experiment.Status, experiment.ExitCode, string.Join(", ", steps));
        }

        public ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
            Project.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
