using Replicate.Metadata;

namespace Replicate.Queries;

/// <summary>
/// What a name in a filter or an order says of an experiment. It is, in this order: <c>created</c> (or <c>started</c>),
/// <c>step</c> (the latest checkpoint's), <c>user</c>, <c>host</c>, <c>command</c>, <c>status</c>, <c>tags</c>, <c>note</c>, <c>parent</c>, <c>sweep</c>, all in any case; a
/// metric of the best, else the latest checkpoint; a param. <c>metrics.x</c> and <c>params.x</c> say which is meant.
/// </summary>
internal sealed class ExperimentField
{
    internal const string MetricsPrefix = "metrics.";
    internal const string ParamsPrefix = "params.";

    private readonly Kind _kind;
    private readonly string _key;
    private readonly ExtensionField? _extension;

    private ExperimentField(string name)
    {
        Name = name;
        (_kind, _key) = name.ToLowerInvariant() switch
        {
            "created" or "started" => (Kind.Created, ""),
            "step" => (Kind.Step, ""),
            "user" => (Kind.User, ""),
            "host" => (Kind.Host, ""),
            "command" => (Kind.Command, ""),
            "status" => (Kind.Status, ""),
            "tag" => (Kind.Extension, "tags"),
            var lower when ExtensionFields.Queried.Any(field => field.Name == lower) => (Kind.Extension, lower),
            var lower when lower.StartsWith(MetricsPrefix, StringComparison.Ordinal) => (Kind.Metric, name[MetricsPrefix.Length..]),
            var lower when lower.StartsWith(ParamsPrefix, StringComparison.Ordinal) => (Kind.Param, name[ParamsPrefix.Length..]),
            _ => (Kind.Recorded, name),
        };
        _extension = _kind == Kind.Extension ? ExtensionFields.Queried.First(field => field.Name == _key) : null;
    }

    private enum Kind
    {
        Created,
        Step,
        User,
        Host,
        Command,
        Status,
        Extension,
        Metric,
        Param,
        Recorded,
    }

    /// <summary>The names that every experiment has, beside its metrics and params.</summary>
    public static IReadOnlyList<string> FixedNames { get; } = 
        ["created", "step", "user", "host", "command", "status", .. ExtensionFields.Queried.Select(field => field.Name)];

    /// <summary>The name as it was given, without quotes.</summary>
    public string Name { get; }

    internal bool IsDate => _kind == Kind.Created;

    internal bool IsStatus => _kind == Kind.Status;

    internal bool IsTags => _extension is TagsField;

    /// <summary>Whether the name says that a metric, or that a param, is meant.</summary>
    internal bool HasPrefix => _kind is Kind.Metric or Kind.Param;

    internal bool HasNoOrder => IsStatus || IsTags;

    /// <summary>What a name stands for. Every name stands for something, if only for a param that nobody recorded.</summary>
    /// <param name="name">The name without quotes; metrics and params are case-sensitive.</param>
    public static ExperimentField Named(string name) => new(name);

    /// <summary>The metrics that stand for an experiment: of its best, else its latest checkpoint; empty for none.</summary>
    public static ValueMap MetricsOf(Experiment experiment) =>
        BestCheckpoint.OrLatest(experiment)?.Metrics ?? ValueMap.Empty;

    /// <summary>
    /// Whether it is something that every experiment has or could have, or that this one has recorded: among its params, or among
    /// the metrics of any of its checkpoints.
    /// </summary>
    internal bool IsKnownTo(Experiment experiment) =>
        _kind is not (Kind.Metric or Kind.Param or Kind.Recorded) || TryGet(experiment, out _)
        || (_kind != Kind.Param && experiment.Checkpoints.Any(checkpoint => checkpoint.Metrics.ContainsKey(_key)))
        || (_kind != Kind.Recorded && experiment.Checkpoints.Any(checkpoint => checkpoint.Metrics.ContainsKey(Name)));

    /// <summary>Looks the field up in an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="value">
    /// A canonical value, null where null is recorded; for <c>created</c> a <see cref="Timestamp"/>, for <c>status</c> the
    /// name of the status.
    /// </param>
    /// <returns>False when the experiment has no such thing.</returns>
    public bool TryGet(Experiment experiment, out object? value)
    {
        switch (_kind)
        {
            case Kind.Created:
                value = experiment.Metadata.Created;
                return true;
            case Kind.Step:
                value = experiment.Latest()?.Step;
                return value is not null;
            case Kind.User:
                value = experiment.User;
                return true;
            case Kind.Host:
                value = experiment.Host;
                return true;
            case Kind.Command:
                value = experiment.Command;
                return true;
            case Kind.Status:
                value = experiment.Status.ToString();
                return true;
            case Kind.Extension:
                value = experiment.Metadata.Extension is not { } extension || _extension!.ValueOf(extension) is not { } recorded ? null
                    : IsTags ? _extension.TextOf(extension) : recorded;
                return value is not null;
            case Kind.Metric when MetricsOf(experiment).TryGetValue(_key, out value):
            case Kind.Param when experiment.Params.TryGetValue(_key, out value):
                return true;
            default:
                // A name such as "metrics.x" may also be one that somebody recorded.
                return MetricsOf(experiment).TryGetValue(Name, out value) || experiment.Params.TryGetValue(Name, out value);
        }
    }
}
