using System.CommandLine;
using Replicate.Cli.Views;
using Replicate.Runs;

namespace Replicate.Cli.Commands;

/// <summary><c>run</c>: runs a training program as an experiment.</summary>
internal sealed class RunCommand : Command
{
    private readonly Argument<string[]> _program = new("program")
    {
        Description = "The program and its arguments, after --",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _params = Many("--param", "-p", "A param as name=value; a JSON list is a value, or in a sweep the values to try", "name=value");

    private readonly Option<string[]> _paramFiles = Many("--param-file", null, "A YAML or JSON file of params", "file");

    private readonly Option<bool> _argumentParams = new("--params-from-arguments")
    {
        Description = "Take --name=value and --name value of the program for params, too",
    };

    private readonly Option<string?> _path = new("--path") { Description = "A file or directory to save with the experiment", HelpName = "path" };

    private readonly Option<string?> _checkpointPath = new("--checkpoint-path", "-c")
    {
        Description = "A file or directory that the program writes, saved with each checkpoint",
        HelpName = "path",
    };

    private readonly Option<string?> _primaryMetric = new("--primary-metric", "-m") { Description = "The metric that decides which checkpoint is best", HelpName = "name" };

    private readonly Option<string?> _goal = new("--goal", "-g") { Description = "Whether to minimize or maximize it; otherwise minimize", HelpName = "goal" };

    private readonly Option<int> _every = new("--every") { Description = "A checkpoint for every so many steps", HelpName = "steps", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> _onlyBetter = new("--only-better") { Description = "A checkpoint only when the primary metric got better" };

    private readonly Option<string[]> _metrics = Many("--metric", null, "Record only the metric of this name", "name");

    private readonly Option<string[]> _patterns = Many("--pattern", null, "Read metrics from output lines by a regular expression with named groups", "regex");

    private readonly Option<bool> _jsonLines = new("--json-lines") { Description = "Read metrics from output lines that are JSON objects" };

    private readonly Option<string[]> _csvFiles = Many("--csv", null, "Read metrics from a CSV file that the program writes", "file");

    private readonly Option<string[]> _jsonFiles = Many("--json-file", null, "Read metrics from a JSON-lines file, or from trainer_state.json", "file");

    private readonly Option<string[]> _tensorBoard = Many("--tensorboard", null, "Read metrics from TensorBoard event files", "directory");

    private readonly Option<bool> _noOutput = new("--no-output-metrics") { Description = "Do not read 'name: value' and 'name=value' from the output" };

    public RunCommand(SharedOptions shared)
        : base("run", "Run a training program as an experiment: its metrics, its files, and how it ended")
    {
        Add(_program);
        foreach (var option in new Option[]
        {
            _params, _paramFiles, _argumentParams, _path, _checkpointPath, _primaryMetric, _goal, _every, _onlyBetter, _metrics,
            _patterns, _jsonLines, _csvFiles, _jsonFiles, _tensorBoard, _noOutput,
        })
        {
            Add(option);
        }

        SetAction(shared.Run(RunAsync, RunView.ExitCodeOf));
    }

    private async Task<int> RunAsync(Invocation invocation)
    {
        var (line, project, terminal) = invocation;
        terminal.Output.Flush();
        var result = await TrainingRun.RunProgramAsync(
            project, RunOptionsOf(line), Program(invocation), cancellationToken: invocation.CancellationToken);
        return RunView.Write(result, terminal);
    }

    private ProgramOptions Program(Invocation invocation)
    {
        var words = invocation.Line.GetRequiredValue(_program);
        return new ProgramOptions
        {
            FileName = words[0],
            Arguments = words[1..],
            WorkingDirectory = invocation.WorkingDirectory,
            Output = invocation.Terminal.RawOutput,
            Error = invocation.Terminal.RawError,
            PassSignals = true,
        };
    }

    private RunOptions RunOptionsOf(ParseResult line) => new()
    {
        Experiment = new ExperimentOptions { Params = Params(line), Path = line.GetValue(_path) },
        Sources = [.. Sources(line)],
        Metrics = line.GetValue(_metrics) is { Length: > 0 } names ? names : null,
        CheckpointPath = line.GetValue(_checkpointPath),
        PrimaryMetric = line.GetValue(_primaryMetric) is { } name
            ? new PrimaryMetric(name, PrimaryMetric.ParseGoal(line.GetValue(_goal) ?? "minimize"))
            : null,
        Every = line.GetValue(_every),
        OnlyBetter = line.GetValue(_onlyBetter),
    };

    private Dictionary<string, object?> Params(ParseResult line)
    {
        // What is more explicit wins.
        var values = new Dictionary<string, object?>();
        var sources = line.GetValue(_paramFiles)!.SelectMany(file => ParamFile.Read(Path.GetFullPath(file)))
            .Concat(line.GetValue(_argumentParams) ? ArgumentParams.Read(line.GetRequiredValue(_program)[1..]) : [])
            .Concat(line.GetValue(_params)!.Select(ParamText.ParsePair));
        foreach (var (name, value) in sources)
        {
            values[name] = value;
        }

        return values;
    }

    private IEnumerable<MetricSource> Sources(ParseResult line)
    {
        var patterns = line.GetValue(_patterns)!.Select(MetricSource.Pattern).ToArray();
        if (line.GetValue(_jsonLines))
        {
            yield return MetricSource.Json;
        }

        foreach (var pattern in patterns)
        {
            yield return pattern;
        }

        // Who says how to read the output doesn't want it read in another way, too.
        if (!line.GetValue(_noOutput) && !line.GetValue(_jsonLines) && patterns.Length == 0)
        {
            yield return MetricSource.Pairs;
        }

        foreach (var source in line.GetValue(_csvFiles)!.Select(MetricSource.CsvFile)
            .Concat(line.GetValue(_jsonFiles)!.Select(MetricSource.JsonFile))
            .Concat(line.GetValue(_tensorBoard)!.Select(MetricSource.TensorBoard)))
        {
            yield return source;
        }
    }

    private static Option<string[]> Many(string name, string? alias, string description, string help) =>
        new(name, alias is null ? [] : [alias]) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };
}
