using Replicate.Metadata;

namespace Replicate.Comparisons;

/// <summary>Compares experiments and checkpoints, two or more at once.</summary>
public static class Comparison
{
    /// <summary>The sections, in the order in which differences are listed; files, where they are compared, come after them.</summary>
    public static readonly IReadOnlyList<string> Sections = ["Experiment", "Params", InputSection, "Python packages", "Checkpoint", "Metrics"];

    /// <summary>The section of what runs read; it is shown only where that differs.</summary>
    public const string InputSection = "Inputs";

    private static readonly string[] ExperimentNames = ["ID", "Command", "Created", "Host", "Path", "Python version", "User"];
    private static readonly string[] CheckpointNames = ["ID", "Created", "Path", "Step"];

    /// <summary>
    /// What differs: only that, in the order of the sections and of the names in them. IDs are full, dates are local; a
    /// side without a checkpoint has none of its fields and metrics.
    /// </summary>
    /// <param name="sides">Two or more; an experiment stands for its best, else its latest checkpoint.</param>
    /// <exception cref="ReplicateException">There are fewer than two (<c>TooFewToCompare</c>).</exception>
    public static IReadOnlyList<Difference> Between(IReadOnlyList<Match> sides)
    {
        RequireTwo(sides);
        var experiments = sides.Select(side => side.Experiment).ToArray();
        var checkpoints = sides.Select(side => side.Representative).ToArray();
        return
        [
            .. Differences("Experiment", ExperimentNames, experiments.Select(FieldsOf)),
            .. Differences("Params", experiments.Select(experiment => experiment.Params)),
            .. Differences(InputSection, experiments.Select(experiment => InputIdentity.Of(experiment.Inputs))),
            .. Differences("Python packages", experiments.Select(experiment => experiment.PythonPackages)),
            .. Differences("Checkpoint", CheckpointNames, checkpoints.Select(FieldsOf)),
            .. Differences("Metrics", checkpoints.Select(checkpoint => checkpoint?.Metrics ?? ValueMap.Empty)),
        ];
    }

    internal static void RequireTwo(IReadOnlyList<Match> sides)
    {
        if (sides.Count < 2)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, ErrorIds.TooFewToCompare, $"A comparison needs two sides or more, not {sides.Count}.",
                "Name two or more experiments or checkpoints.");
        }
    }

    private static ValueMap FieldsOf(Experiment experiment) => new(
        ExperimentNames,
        [
            experiment.Id, experiment.Command, experiment.Created, experiment.Host, experiment.Path,
            experiment.PythonVersion, experiment.User,
        ]);

    private static ValueMap FieldsOf(Checkpoint? checkpoint) => checkpoint is null
        ? ValueMap.Empty
        : new(CheckpointNames, [checkpoint.Id, checkpoint.Created, checkpoint.Path, checkpoint.Step]);

    private static IEnumerable<Difference> Differences(string section, IEnumerable<ValueMap> sides)
    {
        var maps = sides.ToArray();
        return Differences(section, maps.SelectMany(map => map.Names).Distinct().Order(Utf8Order.Instance), maps);
    }

    private static IEnumerable<Difference> Differences(string section, IEnumerable<string> names, IEnumerable<ValueMap> sides)
    {
        var maps = sides.ToArray();
        foreach (var name in names)
        {
            var values = maps.Select(map => map[name]).ToArray();
            var isSet = maps.Select(map => map.ContainsKey(name)).ToArray();
            if (isSet.Distinct().Count() > 1 || values.Any(value => !AreEqual(values[0], value)))
            {
                yield return new Difference(section, name, values, isSet);
            }
        }
    }

    private static bool AreEqual(object? left, object? right) =>
        left is DateTime ? left.Equals(right) : Value.AreEqual(left, right);
}
