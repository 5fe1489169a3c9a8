namespace Replicate;

/// <summary>The metric that decides which checkpoint of an experiment is best.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Goal">Whether less or more of it is better.</param>
public sealed record PrimaryMetric(string Name, Goal Goal)
{
    /// <summary>The name and goal as in <c>loss (minimize)</c>.</summary>
    public override string ToString() => Value.Escape($"{Name} ({Goal.ToText()})");

    /// <summary>Reads a goal in any case, <c>minimize</c> or <c>maximize</c>.</summary>
    /// <param name="text">The text, or null for <see cref="Goal.Minimize"/>'s absence, which is refused.</param>
    /// <exception cref="ReplicateException">The text is neither.</exception>
    public static Goal ParseGoal(string? text) =>
        string.Equals(text, "minimize", StringComparison.OrdinalIgnoreCase) ? Goal.Minimize
        : string.Equals(text, "maximize", StringComparison.OrdinalIgnoreCase) ? Goal.Maximize
        : throw new ReplicateException(
            ErrorKind.InvalidArgument, "UnknownGoal",
            $"The goal '{text}' of the primary metric is neither 'minimize' nor 'maximize'.",
            "Say 'minimize' where less is better, or 'maximize' where more is.");
}

/// <summary>How a goal is written in files and shown.</summary>
public static class GoalText
{
    /// <summary><c>minimize</c> or <c>maximize</c>.</summary>
    public static string ToText(this Goal goal) => goal == Goal.Maximize ? "maximize" : "minimize";
}
