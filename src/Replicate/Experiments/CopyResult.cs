namespace Replicate;

/// <summary>What became of an experiment that was to be copied.</summary>
/// <param name="Source">The experiment.</param>
/// <param name="Copy">The experiment in the other repository; null where it wasn't copied.</param>
/// <param name="Error">Why it wasn't copied; otherwise null.</param>
public sealed record CopyResult(Experiment Source, Experiment? Copy, ReplicateException? Error);
