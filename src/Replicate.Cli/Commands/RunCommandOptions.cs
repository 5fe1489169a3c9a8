using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO.Compression;
using Replicate.Runs;
using Replicate.Runs.Metrics;
using Replicate.Runs.Params;
using Replicate.Runs.Sweeps;

namespace Replicate.Cli.Commands;

/// <summary>What <c>run</c> takes, and what it means to the engine.</summary>
internal sealed class RunCommandOptions
{
    private const string Before = "before";
    private const string After = "after";

    private readonly Argument<string[]> _program = new("program")
    {
        Description = "The program and its arguments: all from its name on is the program's",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _params = Many("--param", "-p", "A param as name=value; a JSON list is a value, or in a sweep the values to try", "name=value");

    private readonly Option<string[]> _paramFiles = Many("--param-file", null, "A YAML or JSON file of params", "file");

    private readonly Option<bool> _argumentParams = Switch("--params-from-arguments", "Take --name=value and --name value of the program for params, too");

    private readonly Option<string?> _path = new("--path") { Description = "A file or directory to save with the experiment", HelpName = "path" };

    private readonly Option<string?> _checkpointPath = new("--checkpoint-path", "-c")
    {
        Description = "A file or directory that the program writes, saved with each checkpoint",
        HelpName = "path",
    };

    private readonly Option<string?> _checkpointOrder = new Option<string?>("--checkpoint-order")
    {
        Description = "Whether the program saves a step's files before or after it prints its metrics; otherwise learned",
        HelpName = "order",
    }.AcceptOnlyFromAmong(Before, After);

    private readonly Option<CompressionLevel> _compressionLevel = new("--compression-level")
    {
        Description = "How hard to compress what is saved: Optimal, Fastest, NoCompression or SmallestSize",
        HelpName = "level",
        DefaultValueFactory = _ => CompressionLevel.Optimal,
    };

    private readonly Option<string?> _primaryMetric = new("--primary-metric", "-m") { Description = "The metric that decides which checkpoint is best", HelpName = "name" };

    private readonly Option<string?> _goal = new("--goal", "-g") { Description = "Whether to minimize or maximize it; otherwise minimize", HelpName = "goal" };

    private readonly Option<int> _every = new("--every") { Description = "A checkpoint for every so many steps", HelpName = "steps", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> _onlyBetter = Switch("--only-better", "A checkpoint only when the primary metric got better");

    private readonly Option<string[]> _metrics = Many("--metric", null, "Record only the metric of this name", "name");

    private readonly Option<string[]> _patterns = Many("--pattern", null, "Read metrics from output lines by a regular expression with named groups", "regex");

    private readonly Option<bool> _jsonLines = Switch("--json-lines", "Read metrics from output lines that are JSON objects");

    private readonly Option<string[]> _csvFiles = Many("--csv", null, "Read metrics from a CSV file that the program writes", "file");

    private readonly Option<string[]> _jsonFiles = Many("--json-file", null, "Read metrics from a JSON-lines file, or from trainer_state.json", "file");

    private readonly Option<string[]> _tensorBoard = Many("--tensorboard", null, "Read metrics from TensorBoard event files", "directory");

    private readonly Option<bool> _noOutput = Switch("--no-output-metrics", "Do not read 'name: value' and 'name=value' from the output");

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Go on from a checkpoint (or the best of an experiment): its files are checked out, and steps are counted on",
        HelpName = "id",
    };

    private readonly Option<string[]> _tags = Many("--tag", "-t", "A tag of the experiment", "tag");

    private readonly Option<string[]> _inputs = Many("--input", "-i", "A file or directory that it reads and that is not saved, or s3://bucket/key: its SHA-256 or version is recorded", "path");

    private readonly Option<string?> _note = new("--note") { Description = "A note on the experiment", HelpName = "text" };

    private readonly Option<double?> _maxLog = new("--max-log")
    {
        Description = "How many megabytes of the output are kept: of more, the beginning and the end; 0 for none; otherwise 64",
        HelpName = "MB",
    };

    private readonly Option<bool> _tty = Switch("--tty", "Give the program a terminal, for colours and progress bars; its error output is then part of its output");

    private readonly Option<bool> _grid = Switch("--grid", "Run every combination of the params that are lists; {name} in the program's arguments is the value");

    private readonly Option<int?> _random = new("--random") { Description = "Run so many of the combinations, chosen at random", HelpName = "count" };

    private readonly Option<int?> _latinHypercube = new("--latin-hypercube")
    {
        Description = "Run so many points, each param spread evenly over its values or its range",
        HelpName = "count",
    };

    private readonly Option<int?> _seed = new("--seed") { Description = "Choose the same points again; otherwise they belong to the name of the sweep", HelpName = "number" };

    private readonly Option<int> _throttle = new("--throttle") { Description = "How many of them run at once", HelpName = "count", DefaultValueFactory = _ => 1 };

    private readonly Option<string?> _sweep = new("--sweep") { Description = "The name of the sweep; run again, it passes over what is done", HelpName = "name" };

    private readonly Option<bool> _retry = Switch("--retry", "Try the points of the sweep again whose runs failed");

    private readonly Option<bool> _failFast = Switch("--fail-fast", "End the other runs of a sweep when one fails");

    private readonly Option<int?> _maxRuns = new("--max-runs") { Description = "Start so many runs of a sweep at most", HelpName = "count" };

    private readonly Option<TimeSpan?> _budget = Span("--budget", "Start no further run of a sweep after that time, such as 12h");

    private readonly Option<TimeSpan?> _timeout = Span("--timeout", "End a program after that time, such as 30m; it counts as failed");

    private readonly Option<EarlyStopping> _earlyStopping = new("--early-stopping")
    {
        Description = "Stop runs of a sweep that do worse than others by the primary metric: Median or Halving",
        HelpName = "rule",
    };

    private readonly Option<bool> _silent = Switch("--silent", "Do not show the output of programs");

    /// <summary>Makes the options known to a command.</summary>
    public void AddTo(Command command)
    {
        // A number would be taken for a level, too.
        _compressionLevel.Validators.Add(RequireNames);
        command.Add(_program);
        foreach (var option in new Option[]
        {
            _params, _paramFiles, _argumentParams, _path, _checkpointPath, _checkpointOrder, _compressionLevel, _primaryMetric, _goal, _every, _onlyBetter,
            _metrics, _patterns, _jsonLines, _csvFiles, _jsonFiles, _tensorBoard, _noOutput, _from, _inputs, _tags, _note, _grid, _random, _latinHypercube, _seed,
            _sweep, _retry, _throttle, _failFast, _maxRuns, _budget, _timeout, _earlyStopping, _silent, _tty, _maxLog,
        })
        {
            command.Add(option);
        }
    }

    /// <summary>The program and its arguments; empty where none is named.</summary>
    public string[] ProgramOrNone(ParseResult line) => line.GetResult(_program) is { } result ? [.. result.Tokens.Select(token => token.Value)] : [];

    /// <summary>The program and its arguments.</summary>
    public string[] Program(ParseResult line) => line.GetRequiredValue(_program);

    /// <summary>The id of what to go on from; null for none.</summary>
    public string? From(ParseResult line) => line.GetValue(_from);

    /// <summary>Whether the program gets a terminal.</summary>
    public bool Tty(ParseResult line) => line.GetValue(_tty);

    /// <summary>Whether the output of programs isn't shown.</summary>
    public bool Silent(ParseResult line) => line.GetValue(_silent);

    /// <summary>What a sweep tries; null where it is a single run.</summary>
    public SweepOptions? Sweep(ParseResult line)
    {
        var (random, spread) = (line.GetValue(_random), line.GetValue(_latinHypercube));
        return random is null && spread is null && !line.GetValue(_grid) ? null : new()
        {
            Name = line.GetValue(_sweep), Seed = line.GetValue(_seed), Throttle = line.GetValue(_throttle), Retry = line.GetValue(_retry),
            FailFast = line.GetValue(_failFast), MaxRuns = line.GetValue(_maxRuns), Budget = line.GetValue(_budget),
            EarlyStopping = line.GetValue(_earlyStopping),
            Search = random is not null ? SweepSearch.Random : spread is not null ? SweepSearch.LatinHypercube : SweepSearch.Grid,
            Count = random ?? spread ?? 1,
        };
    }

    /// <summary>How a single run is recorded.</summary>
    public RunOptions Options(ParseResult line) =>
        line.GetValue(_maxLog) is { } megabytes ? OptionsButLog(line) with { MaxLog = (long)(megabytes * 1e6) } : OptionsButLog(line);

    private RunOptions OptionsButLog(ParseResult line) => new()
    {
        Experiment = new ExperimentOptions
        {
            Params = Params(line), Path = line.GetValue(_path), Tags = line.GetValue(_tags), Note = line.GetValue(_note) ?? "",
            Inputs = line.GetValue(_inputs)!.Select(input => input.Contains("://", StringComparison.Ordinal) ? input : Path.GetFullPath(input)),
            CompressionLevel = line.GetValue(_compressionLevel),
        },
        Sources = [.. Sources(line)],
        Metrics = line.GetValue(_metrics) is { Length: > 0 } names ? names : null,
        CheckpointPath = line.GetValue(_checkpointPath),
        CheckpointOrder = line.GetValue(_checkpointOrder) switch
        {
            Before => CheckpointOrder.BeforeMetrics,
            After => CheckpointOrder.AfterMetrics,
            _ => CheckpointOrder.Learned,
        },
        PrimaryMetric = line.GetValue(_primaryMetric) is { } name
            ? new PrimaryMetric(name, PrimaryMetric.ParseGoal(line.GetValue(_goal) ?? "minimize"))
            : null,
        Every = line.GetValue(_every),
        OnlyBetter = line.GetValue(_onlyBetter),
        Timeout = line.GetValue(_timeout),
    };

    private ValueMap Params(ParseResult line)
    {
        // What is more explicit wins.
        var values = new Dictionary<string, object?>();
        var sources = line.GetValue(_paramFiles)!.SelectMany(file => ParamFile.Read(Path.GetFullPath(file)))
            .Concat(line.GetValue(_argumentParams) ? ArgumentParams.Read(line.GetRequiredValue(_program)[0], line.GetRequiredValue(_program)[1..]) : [])
            .Concat(line.GetValue(_params)!.Select(ParamText.ParsePair));
        foreach (var (name, value) in sources)
        {
            values[name] = value;
        }

        return Value.MapFrom(values);
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

    /// <summary>Refuses the numbers that stand for levels, and those that stand for none.</summary>
    private static void RequireNames(OptionResult result)
    {
        if (result.Tokens.FirstOrDefault(token => int.TryParse(token.Value, CultureInfo.InvariantCulture, out _)) is { } number)
        {
            result.AddError($"'{number.Value}' is no level of compression: give one of {string.Join(", ", Enum.GetNames<CompressionLevel>())}.");
        }
    }

    // Without a value, for which it would take a program that is called 'true'.
    private static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            if (Moments.TryReadSpan(result.Tokens[0].Value, out var span) && span > TimeSpan.Zero)
            {
                return span;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no time: write it as 90s, 30m, 12h or 7d.");
            return null;
        },
    };

    private static Option<string[]> Many(string name, string? alias, string description, string help) =>
        new(name, alias is null ? [] : [alias]) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };
}
