namespace Replicate;

/// <summary>One time that a name of a checkpoint was set, moved or taken off.</summary>
public sealed record NameChange
{
    internal NameChange(Timestamp at) => At = at;

    /// <summary>When it was, as a local date.</summary>
    public DateTime When => At.Local;

    /// <summary>Who did it, as in <c>ben@workstation</c>; empty when not known.</summary>
    public string Who { get; init; } = "";

    /// <summary>Why, as it was given; empty for no reason.</summary>
    public string Why { get; init; } = "";

    /// <summary>The id of the checkpoint that had the name before; empty for none.</summary>
    public string Before { get; init; } = "";

    /// <summary>The id of the checkpoint that has had it since; empty for none.</summary>
    public string After { get; init; } = "";

    /// <summary>When it was.</summary>
    internal Timestamp At { get; }

    /// <summary>When, who and why on one line.</summary>
    public override string ToString() =>
        Value.Escape($"{When:yyyy-MM-dd HH:mm:ss} {Who}: {ShortIds.Of(Before)} -> {ShortIds.Of(After)} {Why}".TrimEnd());
}
