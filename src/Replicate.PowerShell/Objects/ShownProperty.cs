using System.Management.Automation;

namespace Replicate.PowerShell.Objects;

/// <summary>
/// A property of an object whose text would change a terminal, or in a pipeline be a command of its agent: a shell writes it
/// out as it is, as <c>Format-List *</c> does, and so gets it escaped. <c>PSBase</c> has it as it is recorded.
/// </summary>
internal sealed class ShownProperty : PSNoteProperty
{
    private static readonly (string Name, Func<Experiment, object?> Of)[] OfExperiment =
    [
        (nameof(Experiment.Command), static owner => owner.Command), (nameof(Experiment.Note), static owner => owner.Note),
        (nameof(Experiment.Host), static owner => owner.Host), (nameof(Experiment.User), static owner => owner.User),
        (nameof(Experiment.ErrorOutput), static owner => owner.ErrorOutput), (nameof(Experiment.PythonVersion), static owner => owner.PythonVersion),
        (nameof(Experiment.Path), static owner => owner.Path), (nameof(Experiment.Parent), static owner => owner.Parent),
        (nameof(Experiment.Params), static owner => owner.Params), (nameof(Experiment.Tags), static owner => owner.Tags),
        (nameof(Experiment.Environment), static owner => owner.Environment), (nameof(Experiment.Git), static owner => owner.Git),
        (nameof(Experiment.PythonPackages), static owner => owner.PythonPackages), (nameof(Experiment.PrimaryMetric), static owner => owner.PrimaryMetric),
        (nameof(Experiment.Build), static owner => owner.Build),
    ];

    private static readonly (string Name, Func<Checkpoint, object?> Of)[] OfCheckpoint =
    [
        (nameof(Checkpoint.Path), static owner => owner.Path), (nameof(Checkpoint.Metrics), static owner => owner.Metrics),
        (nameof(Checkpoint.PrimaryMetric), static owner => owner.PrimaryMetric), (nameof(Checkpoint.PathText), static owner => owner.PathText),
        (nameof(Checkpoint.MissingFiles), static owner => owner.MissingFiles),
    ];

    private readonly Func<object?> _read;

    private ShownProperty(string name, Func<object?> read)
        : base(name, null) => _read = read;

    /// <inheritdoc/>
    public override bool IsSettable => false;

    /// <inheritdoc/>
    public override object? Value
    {
        get => ShownValue.Of(_read());
        set => throw new SetValueException($"'{Name}' is recorded and cannot be changed.");
    }

    /// <inheritdoc/>
    public override string TypeNameOfValue => Value?.GetType().FullName ?? "System.Object";

    /// <summary>The properties of an experiment or a checkpoint that are to be shown otherwise than they are; mostly none.</summary>
    internal static IEnumerable<ShownProperty> Of(object owner) => owner switch
    {
        Experiment experiment => Of(experiment, OfExperiment),
        Checkpoint checkpoint => Of(checkpoint, OfCheckpoint),
        _ => [],
    };

    /// <inheritdoc/>
    public override PSMemberInfo Copy() => new ShownProperty(Name, _read);

    private static IEnumerable<ShownProperty> Of<T>(T owner, (string Name, Func<T, object?> Of)[] properties)
    {
        foreach (var (name, read) in properties)
        {
            if (read(owner) is var value && !ReferenceEquals(ShownValue.Of(value), value))
            {
                yield return new ShownProperty(name, () => read(owner));
            }
        }
    }
}
