using System.Text;
using FsCheck;
using Replicate.Adapters;
using Replicate.Metadata;
using Replicate.Queries;

namespace Replicate.Reliability.Fuzzing;

/// <summary>A target whose inputs are changed seeds.</summary>
/// <param name="name">Its name.</param>
/// <param name="share">How many of a thousand inputs it gets.</param>
/// <param name="kept">Seeds.</param>
/// <param name="structured">More seeds.</param>
/// <param name="maxLength">What an input is cut to.</param>
/// <param name="words">What has a meaning in the format.</param>
internal abstract class SeededTarget(
    string name, int share, IEnumerable<byte[]> kept, Gen<string>? structured, int maxLength, params string[] words)
    : FuzzTarget(name, share)
{
    private readonly Mutator _mutator = new(maxLength, words);
    private List<byte[]> _seeds = [];

    /// <inheritdoc/>
    public override Task PrepareAsync(long seed)
    {
        _seeds = [.. kept, .. structured is null ? [] : Structured.Of(structured, seed)];
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds => kept;

    /// <inheritdoc/>
    public override byte[] Make(Dice dice)
    {
        var seed = dice.Pick(_seeds);
        return dice.OneIn(4) ? seed : _mutator.Mutate(seed, _seeds, dice);
    }
}

/// <summary>A file of JSON through the reader of the format.</summary>
internal sealed class JsonTarget(string name, int share, IEnumerable<byte[]> kept, Gen<string> structured, Action<ReadOnlyMemory<byte>> read)
    : SeededTarget(
        name, share, kept, structured, Mutator.MaxLength, "{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e308", "\\u0000", "\\ud800", "\"id\":", "\"created\":",
        "\"metrics\":", "\"checkpoints\":", "\"version\":", "\"powershell\":", "\ufeff", "\"[NaN]\"")
{
    public static JsonTarget Metadata() => new(
        "metadata", 240, Corpus.Of("metadata", "*.json", "experiments"), Structured.Experiment, ReadAndWrite);

    public static JsonTarget Heartbeat() => new(
        "heartbeat", 110, Corpus.Of("heartbeat"), Structured.Heartbeat, utf8 => MetadataReader.ReadHeartbeat(utf8));

    public static JsonTarget Specification() => new(
        "specification", 50, Corpus.Of("specification"), Structured.Specification, utf8 => MetadataReader.ReadRepositoryVersion(utf8));

    public override bool IsDocumented(Exception exception) => exception is FormatException;

    public override Task RunAsync(byte[] input, Dice dice)
    {
        read(input);
        return Task.CompletedTask;
    }

    /// <summary>What was read has to be written as something that reads the same.</summary>
    private static void ReadAndWrite(ReadOnlyMemory<byte> utf8)
    {
        var read = MetadataReader.ReadExperiment(utf8);
        var again = MetadataReader.ReadExperiment(MetadataWriter.WriteExperiment(read));
        if (read.Id != again.Id || read.Created != again.Created || read.Checkpoints.Count != again.Checkpoints.Count
            || read.Params.Count != again.Params.Count || read.Command != again.Command)
        {
            throw new FuzzFailure("What was written does not read as what was read.");
        }
    }
}

/// <summary>A configuration file, in a project directory.</summary>
internal sealed class YamlTarget() : SeededTarget(
    "yaml", 100, Corpus.Of("yaml", "*.yaml"), Structured.Yaml, Mutator.MaxLength, "repository:", "storage:", "metrics:", "- ", "\n", "&a ", "*a", "!!", "{", "}", "[", "]", "|", ">", "\"", "? ", "---\n")
{
    private readonly Scratch _scratch = new();

    public override Task RunAsync(byte[] input, Dice dice)
    {
        File.WriteAllBytes(_scratch.At("replicate.yaml"), input);
        var configuration = ProjectConfiguration.Resolve(null, null, _scratch.Path, environment: null);

        // A path on the disk may hold what looks like one.
        return configuration.Repository is var url && url.Contains(":b@", StringComparison.Ordinal)
            && !url.StartsWith("file:", StringComparison.Ordinal)
            ? throw new FuzzFailure("A URL with a password was accepted.") : Task.CompletedTask;
    }

    public override void Dispose()
    {
        _scratch.Dispose();
        base.Dispose();
    }
}

/// <summary>An ignore file, asked about a few paths.</summary>
internal sealed class IgnoreTarget() : SeededTarget(
    "ignore", 70, Corpus.Of("ignore"), Structured.Ignore, 1 << 13, "*", "**/", "/", "!", "[a-", "]", "\\", "\n", "?", "#", " ")
{
    private static readonly string[] Paths =
        ["a", "a/b/c", new string('a', 200), string.Join('/', Enumerable.Repeat("ab", 60)), "日本/e\u0301", "a b ", "!x^y", "[a]", "x\\y", "a.pyc"];

    // Hundreds of lines, each compiled.
    public override long Allowance => 512 << 20;

    public override Task RunAsync(byte[] input, Dice dice)
    {
        var rules = AdapterLoader.Adapters.CompileIgnoreRules(Encoding.UTF8.GetString(input).Split('\n'));
        foreach (var path in Paths)
        {
            rules.Excludes(path, isDirectory: false);
            rules.Excludes(path, isDirectory: true);
        }

        return Task.CompletedTask;
    }
}

/// <summary>A filter and an order, over experiments with every kind of value.</summary>
internal sealed class QueryTarget() : SeededTarget(
    "query", 340, Corpus.LinesOf("query"), Structured.Query, 1 << 14, "=", "!=", "<", ">", "\"", "'", "loss", "created", "metrics.", "params.", "[", "{", "-desc", "null", "1e999", " ")
{
    private readonly List<Experiment> _experiments = [];

    public override async Task PrepareAsync(long seed)
    {
        await base.PrepareAsync(seed);
        var project = new Project("file:///nowhere/at/all");
        foreach (var file in Corpus.Of("metadata", "*.json", "experiments"))
        {
            try
            {
                _experiments.Add(new Experiment(project, MetadataReader.ReadExperiment(file), heartbeat: null));
            }
            catch (FormatException)
            {
                // Some are kept because they are wrong.
            }
        }
    }

    public override Task RunAsync(byte[] input, Dice dice)
    {
        var text = Encoding.UTF8.GetString(input);
        ReplicateException? refusal = null;
        try
        {
            SortOrder.Parse(text).Sort(_experiments);
        }
        catch (ReplicateException e)
        {
            refusal = e;
        }

        var filter = Filter.Parse(text);
        foreach (var experiment in _experiments)
        {
            filter.Matches(experiment);
        }

        return refusal is null ? Task.CompletedTask : throw refusal;
    }
}
