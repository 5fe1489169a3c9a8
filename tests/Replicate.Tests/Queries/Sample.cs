using Replicate.Metadata;
using Replicate.Tests.Support;

namespace Replicate.Tests.Queries;

/// <summary>Experiments and checkpoints for tests, without a repository.</summary>
internal static class Sample
{
    internal static readonly DateTime Start = new(2026, 11, 21, 8, 30, 0, DateTimeKind.Utc);

    private static readonly Project NoProject = null!;

    /// <summary>An experiment; its checkpoints are a minute apart.</summary>
    internal static Experiment Experiment(
        string id = "e1", object? parameters = null, DateTime? created = null, bool running = false,
        string user = "", string host = "", string command = "", string path = "", params Checkpoint[] checkpoints) =>
        new(
            NoProject,
            new ExperimentMetadata
            {
                Id = id, Created = Timestamp.From(created ?? Start), Params = Map(parameters), User = user, Host = host,
                Command = command, Path = path, Checkpoints = new CheckpointList(checkpoints),
            },
            running ? new Heartbeat(id, Timestamp.Now, null) : null);

    internal static Checkpoint Checkpoint(
        string id = "c1", long step = 0, object? metrics = null, string? primary = null, Goal goal = Goal.Minimize, DateTime? created = null) => new()
        {
            Id = id,
            Step = step,
            CreatedAt = Timestamp.From(created ?? Start.AddMinutes(step)),
            Metrics = Map(metrics),
            PrimaryMetric = primary is null ? null : new PrimaryMetric(primary, goal),
        };

    internal static object Nested(params object?[] items) => items;

    /// <summary>The experiments of a repository that the original wrote, oldest first.</summary>
    internal static Experiment[] Fixture(string name)
    {
        var directory = Path.Combine(Support.Checkout.Fixture(name), ".keepsake", "metadata", "experiments");
        return [.. Directory.GetFiles(directory)
            .Select(file => new Experiment(NoProject, MetadataReader.ReadExperiment(File.ReadAllBytes(file)), null))
            .OrderBy(experiment => experiment.Metadata.Created)];
    }

    // An anonymous object or a dictionary.
    private static ValueMap Map(object? values) => Value.MapFrom(values switch
    {
        null => null,
        System.Collections.IDictionary map => map,
        _ => values.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(values)),
    });
}

/// <summary>Collects warnings.</summary>
internal sealed class Warnings : ILogSink
{
    internal List<string> All { get; } = [];

    public void Warn(string message) => All.Add(message);

    public void Verbose(string message)
    {
    }
}
