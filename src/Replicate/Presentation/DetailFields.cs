using Replicate.Metadata;

namespace Replicate.Presentation;

/// <summary>What the detail view of an experiment shows before its params: the same in module and command.</summary>
internal static class DetailFields
{
    private static readonly (string Name, bool IsAlways, Func<Experiment, string> TextOf)[] All =
    [
        ("Created", true, experiment => Moments.Full(experiment.Created)),
        ("Status", true, ExperimentText.Status),
        ("Ended", false, experiment => experiment.Ended is { } ended ? Moments.Full(ended) : ""),
        ("Duration", false, experiment => experiment.Duration is { } duration ? Moments.Span(duration) : ""),
        ("Host", true, experiment => experiment.Host),
        ("User", true, experiment => experiment.User),
        ("Command", true, experiment => experiment.Command),
        ("Path", false, experiment => experiment.Path),
        .. ExtensionFields.Shown.Select(Of),
        ("Inputs", false, experiment => string.Join("; ", InputIdentity.Of(experiment.Inputs).Select(input => $"{input.Key} ({input.Value})"))),
        ("Git", false, ExperimentText.Git),
    ];

    private static (string Name, bool IsAlways, Func<Experiment, string> TextOf) Of(ExtensionField field) => (
        char.ToUpperInvariant(field.Name[0]) + field.Name[1..], false,
        experiment => experiment.Metadata.Extension is { } extension ? field.TextOf(extension) : "");

    /// <summary>The names of all fields, in order.</summary>
    public static IEnumerable<string> Names => All.Select(each => each.Name);

    /// <summary>The fields with their texts, control characters escaped, in order; of what isn't recorded, only those that every experiment has.</summary>
    public static IEnumerable<(string Name, string Text)> Of(Experiment experiment) =>
        from each in All
        let text = Value.Escape(each.TextOf(experiment))
        where each.IsAlways || text.Length > 0
        select (each.Name, text);
}
