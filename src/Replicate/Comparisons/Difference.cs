namespace Replicate;

/// <summary>One thing that differs between experiments or checkpoints.</summary>
/// <param name="Section">Where it was found: <c>Experiment</c>, <c>Params</c>, <c>Python packages</c>, <c>Checkpoint</c>, <c>Metrics</c> or <c>Files</c>.</param>
/// <param name="Name">The field, param, package or metric, or the path of a file.</param>
/// <param name="Values">One value per side, in the order given; null where a side has none, or has recorded null.</param>
/// <param name="IsSet">Per side, whether it has a value: tells a recorded null from none.</param>
public record Difference(string Section, string Name, IReadOnlyList<object?> Values, IReadOnlyList<bool> IsSet)
{
    /// <summary>The value of the first side; null where it has none.</summary>
    public object? Left => Values[0];

    /// <summary>The value of the second side; null where it has none.</summary>
    public object? Right => Values[1];

    /// <summary>What differs.</summary>
    public override string ToString() => Value.Escape($"{Section}: {Name}");
}
