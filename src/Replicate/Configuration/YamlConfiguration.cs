using System.Globalization;
using System.Text;
using Replicate.Adapters;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Configuration;

/// <summary>What a configuration file says, every value with its line.</summary>
internal sealed class YamlConfiguration
{
    /// <summary>The names of a configuration file, the first that exists in a directory counts.</summary>
    public static readonly IReadOnlyList<string> Names = ["replicate.yaml", "replicate.yml", "keepsake.yaml", "keepsake.yml"];

    private static readonly string[] OldKeys = ["python", "cuda", "install", "install_script", "python_requirements"];

    private readonly List<string> _ignored = [];
    private YamlScalar? _repository;
    private YamlScalar? _storage;

    private YamlConfiguration(string path) => Path = path;

    /// <summary>The absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>The repository's URL as it is written; null where the file names none.</summary>
    public string? Repository => _repository?.Text ?? (_storage?.Text is { } storage ? AsUrl(storage) : null);

    /// <summary>Where in the file the repository stands, for a message.</summary>
    public string RepositoryPlace => Place((_repository ?? _storage)?.Line ?? 1);

    /// <summary>The first metric that says it is primary; null for none.</summary>
    public PrimaryMetric? PrimaryMetric { get; private set; }

    /// <summary>The configuration file of a directory; null where it has none.</summary>
    public static string? Find(string directory) =>
        Names.Select(name => System.IO.Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    /// <summary>Reads a file, and warns of what is out of date in it.</summary>
    /// <exception cref="ReplicateException">It can't be read or is wrong (<c>InvalidConfiguration</c>, with the line).</exception>
    public static YamlConfiguration Read(string path)
    {
        var file = Parse(path);
        file.Warn();
        return file;
    }

    /// <summary>Reads a file that is not in force.</summary>
    /// <exception cref="ReplicateException">As <see cref="Read"/>.</exception>
    public static YamlConfiguration Parse(string path)
    {
        var file = new YamlConfiguration(path);
        try
        {
            foreach (var (key, value) in AdapterLoader.Adapters.ReadYaml(File.ReadAllText(path)).Entries)
            {
                file.Take(key, value);
            }
        }
        catch (YamlFormatException e)
        {
            throw file.Wrong(e.Line, e.Message, "Correct the file; it must be YAML.", e);
        }
        catch (Exception e) when (DiskError.From(e, "read", path) is { } error)
        {
            throw error;
        }

        return file;
    }

    /// <summary>Writes <c>replicate.yaml</c> into a directory, which is created where it is missing.</summary>
    public static void Write(string directory, string repository, PrimaryMetric? primaryMetric)
    {
        var text = $"repository: {Quote(repository)}\n";
        if (primaryMetric is not null)
        {
            text += $"metrics:\n  - name: {Quote(primaryMetric.Name)}\n    goal: {primaryMetric.Goal.ToText()}\n    primary: true\n";
        }

        var path = System.IO.Path.Combine(directory, Names[0]);
        try
        {
            Directory.CreateDirectory(directory);
            WholeFile.Write(path, text);
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }

    /// <summary>A text as a YAML scalar in double quotes.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c is '"' or '\\' ? quoted.Append('\\').Append(c)
                : char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private void Take(YamlScalar key, YamlNode value)
    {
        switch (key.Text)
        {
            case "repository":
                _repository = Scalar(key, value);
                break;
            case "storage":
                _storage = Scalar(key, value);
                break;
            case "metrics":
                PrimaryMetric = Items(key, value).Select(ReadMetric).ToList().Find(metric => metric is not null);
                break;
            case { } old when OldKeys.Contains(old):
                _ignored.Add(old);
                break;
            default:
                throw Unknown(key, "repository and metrics");
        }

        if (_repository?.Text is not null && _storage?.Text is not null)
        {
            throw Wrong(key.Line, "'repository' and its old name 'storage' are both there.", "Remove 'storage'.");
        }
    }

    /// <summary>Checks a metric of the list; what it gives is null unless the metric is primary.</summary>
    private PrimaryMetric? ReadMetric(YamlNode item)
    {
        string? name = null;
        Goal? goal = null;
        var isPrimary = false;
        foreach (var (key, value) in item is YamlMapping mapping ? mapping.Entries
            : throw Wrong(item.Line, "A metric is not written as a mapping.", "Give it a name, a goal and whether it is primary."))
        {
            var text = Scalar(key, value).Text;
            switch (key.Text)
            {
                case "name":
                    name = text;
                    break;
                case "goal":
                    goal = Located(Place(value.Line), () => Replicate.PrimaryMetric.ParseGoal(text));
                    break;
                case "primary":
                    isPrimary = bool.TryParse(text, out var flag) ? flag
                        : throw Wrong(value.Line, $"'primary' is '{text}'.", "Say true or false.");
                    break;
                default:
                    throw Unknown(key, "name, goal and primary");
            }
        }

        if (name is null)
        {
            throw Wrong(item.Line, "A metric has no name.", "Give it a name.");
        }

        return isPrimary ? new PrimaryMetric(name, goal ?? Goal.Minimize) : null;
    }

    /// <summary>Does something, and says in front of an error where the value came from.</summary>
    public static T Located<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ReplicateException e)
        {
            throw new ReplicateException(e.Kind, e.Id, $"{place}: {e.Message}", e.RecommendedAction, e);
        }
    }

    private void Warn()
    {
        if (_storage is not null)
        {
            Log.Warn($"{Place(_storage.Line)}: 'storage' is the old name of 'repository'. Rename it.");
        }

        if (_ignored.Count > 0)
        {
            Log.Warn($"In '{Path}', what an early version knew is ignored: {string.Join(", ", _ignored)}.");
        }
    }

    private static string AsUrl(string storage) => storage.Contains("://", StringComparison.Ordinal) ? storage : "file://" + storage;

    private YamlScalar Scalar(YamlScalar key, YamlNode value) => value as YamlScalar
        ?? throw Wrong(value.Line, $"'{key.Text}' is a list or a mapping.", "Give it a single value.");

    private IReadOnlyList<YamlNode> Items(YamlScalar key, YamlNode value) => value switch
    {
        YamlList list => list.Items,
        YamlScalar { Text: null } => [],
        _ => throw Wrong(value.Line, $"'{key.Text}' is no list.", "Begin every item with a dash."),
    };

    private ReplicateException Unknown(YamlScalar key, string known) =>
        Wrong(key.Line, $"The key '{key.Text}' is unknown.", $"Correct or remove it; the keys are {known}.");

    private ReplicateException Wrong(int line, string what, string action, Exception? cause = null) =>
        new(ErrorKind.InvalidData, "InvalidConfiguration", $"{Place(line)}: {what}", action, cause);

    private string Place(int line) => FormattableString.Invariant($"'{Path}', line {line}");
}
