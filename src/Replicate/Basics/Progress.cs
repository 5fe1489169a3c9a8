namespace Replicate;

/// <summary>What an amount of <see cref="Progress"/> counts.</summary>
public enum ProgressUnit
{
    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Files, objects or experiments.</summary>
    Items,
}

/// <summary>How far long work has come.</summary>
/// <param name="Activity">What is being done, such as <c>Saving checkpoint 1eeef58</c>.</param>
/// <param name="Done">How much is done, in <paramref name="Unit"/>.</param>
/// <param name="Total">How much there is, in <paramref name="Unit"/>; null when not known.</param>
/// <param name="Unit">What the amounts count.</param>
public readonly record struct Progress(string Activity, long Done, long? Total, ProgressUnit Unit);
